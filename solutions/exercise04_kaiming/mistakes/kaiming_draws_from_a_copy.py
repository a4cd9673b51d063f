"""The caller's rng does not move on. What will the next layer get?

Loses: kaiming_normal
"""

import copy

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return copy.deepcopy(rng).normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))
