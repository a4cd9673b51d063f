"""In Box and Muller's formula stands √(−2·ln u). Where is your 2?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    u, v = 1.0 - rng.random((n_in, n_out)), rng.random((n_in, n_out))
    return np.sqrt(-np.log(u)) * np.cos(2.0 * np.pi * v) * np.sqrt(2.0 / n_in)
