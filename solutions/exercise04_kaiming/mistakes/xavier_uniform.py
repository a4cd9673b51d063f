"""Same spread, another shape: no weight of yours is ever larger than √3 standard deviations. Which distribution was asked for?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    bound = np.sqrt(3.0 / n_in)
    return rng.uniform(-bound, bound, (n_in, n_out))
