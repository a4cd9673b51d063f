"""The 2 stands under the root. Does yours?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return rng.normal(0.0, 2.0 / np.sqrt(n_in), (n_in, n_out))
