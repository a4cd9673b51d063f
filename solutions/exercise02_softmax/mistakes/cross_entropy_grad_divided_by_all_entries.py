"""Over how many things does the loss take its mean: over samples, or over logits?

Loses: cross_entropy_grad
"""

import numpy as np


def cross_entropy_grad(logits, targets):
    grad = softmax(logits)
    grad[np.arange(len(targets)), targets] -= 1.0
    return grad / logits.size
