"""Nearly right, and quite wrong for a layer with one input. What do you divide by when n_in is 1?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(1.0 / (n_in + 1)), (n_in, n_out))
