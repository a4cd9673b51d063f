"""How many numbers are added into one output: as many as there are inputs, or as there are outputs?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(1.0 / n_out), (n_in, n_out))
