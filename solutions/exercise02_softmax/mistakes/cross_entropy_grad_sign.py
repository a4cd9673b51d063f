"""Raise the target's logit a little: the loss falls. Which sign should its derivative have?

Loses: cross_entropy_grad
"""

import numpy as np


def cross_entropy_grad(logits, targets):
    grad = -softmax(logits)
    grad[np.arange(len(targets)), targets] += 1.0
    return grad / len(targets)
