"""After a thousand weights yours begin again from the first.

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return np.resize(rng.normal(0.0, np.sqrt(2.0 / n_in), 1000), (n_in, n_out))
