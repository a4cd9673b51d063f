"""You have one neuron, many times.

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return np.full((n_in, n_out), np.sqrt(2.0 / n_in))
