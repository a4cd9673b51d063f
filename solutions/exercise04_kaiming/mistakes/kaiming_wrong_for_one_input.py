"""n_in − 1 belongs to estimating a variance. What becomes of a layer with one input or two?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(2.0 / max(n_in - 1, 1)), (n_in, n_out))
