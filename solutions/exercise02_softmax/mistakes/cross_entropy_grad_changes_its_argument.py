"""Look at the logits after the call: the gradient stands in them. Where did you write it?

Loses: cross_entropy_grad
"""

import numpy as np


def cross_entropy_grad(logits, targets):
    logits[:] = softmax(logits)
    logits[np.arange(len(targets)), targets] -= 1.0
    return logits / len(targets)
