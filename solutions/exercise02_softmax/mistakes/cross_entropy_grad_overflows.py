"""Your own exp in here overflows for large logits. You have a softmax that does not.

Loses: cross_entropy_grad
"""

import numpy as np


def cross_entropy_grad(logits, targets):
    e = np.exp(logits)
    grad = e / e.sum(axis=1, keepdims=True)
    grad[np.arange(len(targets)), targets] -= 1.0
    return grad / len(targets)
