"""Call it twice with the same rng: you get two different matrices. Who drew these numbers?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return np.random.randn(n_in, n_out) / np.sqrt(n_in)
