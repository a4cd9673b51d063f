"""Which fan does the contract name, n_in or the sum of both?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(4.0 / (n_in + n_out)), (n_in, n_out))
