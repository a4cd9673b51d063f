"""Eight bits with a sign end at 127. What if there are more classes than that?

Loses: cross_entropy_grad
"""

import numpy as np


def cross_entropy_grad(logits, targets):
    grad = softmax(logits)
    grad[np.arange(len(targets)), targets.astype(np.int8)] -= 1.0
    return grad / len(targets)
