"""Each column has exactly the same length. Did you draw it, or cut it to size?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    W = rng.standard_normal((n_in, n_out))
    return W / np.linalg.norm(W, axis=0) * np.sqrt(2.0)
