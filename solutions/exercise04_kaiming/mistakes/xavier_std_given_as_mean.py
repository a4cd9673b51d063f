"""All your weights are about equal. What is the first thing that `rng.normal` wants to be told?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return rng.normal(1.0 / np.sqrt(n_in), size=(n_in, n_out))
