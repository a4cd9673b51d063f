"""Try the scores -1000 and -1001: what does the larger of them become after your subtraction?

Loses: softmax, cross_entropy_grad, mlp_forward
"""

import numpy as np


def softmax(z, axis=-1):
    e = np.exp(z - np.abs(z).max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
