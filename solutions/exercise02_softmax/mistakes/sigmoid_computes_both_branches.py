"""np.where picks an answer for each element, but only after both have been computed for all of them.

Loses: sigmoid
"""

import numpy as np


def sigmoid(z):
    return np.where(z >= 0, 1.0 / (1.0 + np.exp(-z)), np.exp(z) / (1.0 + np.exp(z)))
