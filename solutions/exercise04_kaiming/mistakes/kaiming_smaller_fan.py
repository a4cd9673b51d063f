"""For wide layers it is right, for narrowing ones not. Which size did you take, n_in or the smaller one?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(2.0 / min(n_in, n_out)), (n_in, n_out))
