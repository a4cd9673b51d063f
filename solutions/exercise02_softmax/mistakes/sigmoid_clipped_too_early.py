"""Cutting z off keeps the exponential small. But is the sigmoid of -10 really the same as that of -100?

Loses: sigmoid
"""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-np.clip(z, -10.0, 10.0)))
