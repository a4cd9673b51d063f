"""tanh is odd. What does yours say of -2 and of 2?

Loses: tanh
"""

import numpy as np


def tanh(z):
    e = np.exp(-2.0 * np.abs(z))
    return (1.0 - e) / (1.0 + e)
