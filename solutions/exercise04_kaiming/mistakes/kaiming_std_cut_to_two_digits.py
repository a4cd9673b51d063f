"""For large n_in your std is 0.0-something with one digit left. Why round it?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return rng.normal(0.0, round(float(np.sqrt(2.0 / n_in)), 2), (n_in, n_out))
