"""Close, but 5 % short, and twenty layers make that a factor of three. Where does the rounding come from?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return rng.normal(0.0, 1.35 / np.sqrt(n_in), (n_in, n_out))
