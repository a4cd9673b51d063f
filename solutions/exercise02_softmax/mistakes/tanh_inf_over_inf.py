"""What is e^z at z = 800, and what does Python make of infinity divided by infinity?

Loses: tanh
"""

import numpy as np


def tanh(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
