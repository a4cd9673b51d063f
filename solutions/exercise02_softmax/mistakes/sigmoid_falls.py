"""The sigmoid rises from 0 to 1; yours falls. Look at the sign in the exponent.

Loses: sigmoid
"""

import numpy as np


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, e, 1.0) / (1.0 + e)
