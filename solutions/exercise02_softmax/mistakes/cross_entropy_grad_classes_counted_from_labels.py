"""If no sample belongs to the last class, your one-hot matrix is too narrow. Who knows the number of
classes?

Loses: cross_entropy_grad
"""

import numpy as np


def cross_entropy_grad(logits, targets):
    return (softmax(logits) - np.eye(targets.max() + 1)[targets]) / len(targets)
