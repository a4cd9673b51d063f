"""A seed inside the function makes every network the same. What is rng for?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    np.random.seed(0)
    return np.random.normal(0.0, 1.0 / np.sqrt(n_in), (n_in, n_out))
