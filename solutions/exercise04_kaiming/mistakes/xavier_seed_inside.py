"""Every call gives the same matrix, whichever rng comes in. Who sets the seed?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    rng = np.random.default_rng(42)
    return rng.normal(0.0, 1.0 / np.sqrt(n_in), (n_in, n_out))
