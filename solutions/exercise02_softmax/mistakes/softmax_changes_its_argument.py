"""Your shift happens inside the caller's array. What does the caller find there afterwards?

Loses: softmax, cross_entropy_grad
"""

import numpy as np


def softmax(z, axis=-1):
    z -= z.max(axis=axis, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=axis, keepdims=True)
