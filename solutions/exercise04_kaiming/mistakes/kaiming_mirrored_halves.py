"""The second half of your weights is the first with its sign turned. How many did you draw?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    count = n_in * n_out
    half = rng.normal(0.0, np.sqrt(2.0 / n_in), (count + 1) // 2)
    return np.concatenate([half, -half])[:count].reshape(n_in, n_out)
