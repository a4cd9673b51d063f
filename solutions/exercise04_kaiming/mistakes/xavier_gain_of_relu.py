"""The factor 2 is what ReLU costs. Does Xavier know of ReLU?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))
