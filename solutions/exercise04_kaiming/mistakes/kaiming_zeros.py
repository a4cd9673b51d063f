"""If all hidden units agree, who learns first?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return np.zeros((n_in, n_out))
