"""What is the std of a uniform distribution from −b to b? And was a uniform one asked for?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    bound = 1.0 / np.sqrt(n_in)
    return rng.uniform(-bound, bound, (n_in, n_out))
