"""Do your probabilities sum to 1 to sixteen digits, or to seven? Look for the place where the digits are
lost.

Loses: softmax, cross_entropy_grad, mlp_forward
"""

import numpy as np


def softmax(z, axis=-1):
    e = np.exp((z - z.max(axis=axis, keepdims=True)).astype(np.float32))
    return (e / e.sum(axis=axis, keepdims=True)).astype(np.float64)
