"""The mean of drawn weights is near 0, not exactly 0. Why take it off?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    W = rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))
    return W - W.mean()
