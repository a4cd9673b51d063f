"""Print the shape of the scores and the shape of what you divide by, and line them up from the right.

Loses: softmax, cross_entropy_grad, mlp_forward
"""

import numpy as np


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis)
