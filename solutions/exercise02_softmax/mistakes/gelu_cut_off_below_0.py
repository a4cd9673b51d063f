"""GELU is not 0 for all negative numbers. What is it at z = -1?

Loses: gelu
"""

import numpy as np


def gelu(z):
    return np.maximum(z, 0.0) * normal_cdf(z)
