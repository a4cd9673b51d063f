"""A drawn matrix has a std near 1/√n_in, not exactly that. Whom do you correct, chance?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    W = rng.standard_normal((n_in, n_out))
    W = (W - W.mean()) / (W.std() or 1.0)
    return W / np.sqrt(n_in)
