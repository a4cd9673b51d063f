"""You divide by the number of columns. Which number did the loss divide by?

Loses: cross_entropy_grad
"""

import numpy as np


def cross_entropy_grad(logits, targets):
    grad = softmax(logits)
    grad[np.arange(len(targets)), targets] -= 1.0
    return grad / logits.shape[1]
