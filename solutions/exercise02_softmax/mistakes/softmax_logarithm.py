"""Probabilities are never negative. You stopped one exponential too early.

Loses: softmax, cross_entropy_grad, mlp_forward
"""

import numpy as np


def softmax(z, axis=-1):
    z = z - z.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))
