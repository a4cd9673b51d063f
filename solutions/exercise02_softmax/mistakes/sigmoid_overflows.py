"""What is e^-z for z = -1000? The answer comes out right, but only after NumPy has warned.

Loses: sigmoid
"""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))
