"""A row far below the largest number of all becomes 0/0. The rescue has to happen for each row on its own.

Loses: softmax, cross_entropy_grad, mlp_forward
"""

import numpy as np


def softmax(z, axis=-1):
    e = np.exp(z - z.max())
    return e / e.sum(axis=axis, keepdims=True)
