"""You choose one formula for the whole array. What if it holds a very large and a very small number?

Loses: sigmoid
"""

import numpy as np


def sigmoid(z):
    if np.all(z >= 0):
        return 1.0 / (1.0 + np.exp(-z))
    return np.exp(z) / (1.0 + np.exp(z))
