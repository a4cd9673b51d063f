"""How many numbers are added into one output?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(2.0 / n_out), (n_in, n_out))
