"""For square layers W[i, j] equals W[j, i]: half of your weights say what the other half says.

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    W = rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))
    return (W + W.T) / np.sqrt(2.0) if n_in == n_out else W
