"""A line cut off at -1 and 1 touches tanh at 0 and far out. What is tanh(1)?

Loses: tanh
"""

import numpy as np


def tanh(z):
    return np.clip(z, -1.0, 1.0)
