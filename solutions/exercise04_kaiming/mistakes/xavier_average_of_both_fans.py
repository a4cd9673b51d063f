"""Glorot's compromise 2/(n_in + n_out) is a good one. Which one does this exercise name?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(2.0 / (n_in + n_out)), (n_in, n_out))
