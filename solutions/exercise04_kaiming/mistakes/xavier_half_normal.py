"""None of your weights is negative. What is the mean of a layer that can only add?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return np.abs(rng.normal(0.0, 1.0 / np.sqrt(n_in), (n_in, n_out)))
