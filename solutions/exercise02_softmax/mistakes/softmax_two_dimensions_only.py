"""Rows or columns: in three dimensions there is a third way. What does yours do there?

Loses: softmax
"""

import numpy as np


def softmax(z, axis=-1):
    if axis == 0:
        return softmax(z.T).T
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
