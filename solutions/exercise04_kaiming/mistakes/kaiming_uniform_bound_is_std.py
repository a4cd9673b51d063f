"""What is the std of a uniform distribution from −b to b?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    bound = np.sqrt(2.0 / n_in)
    return rng.uniform(-bound, bound, (n_in, n_out))
