"""ReLU throws half away; who pays for it?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(1.0 / n_in), (n_in, n_out))
