"""Your loop runs over the first axis. What does it meet there in a matrix, or in a 0-d array?

Loses: sigmoid
"""

import math

import numpy as np


def sigmoid(z):
    out = np.empty(len(z))
    for i, v in enumerate(z):
        e = math.exp(-abs(v))
        out[i] = (1.0 if v >= 0 else e) / (1.0 + e)
    return out
