"""Two equal scores are two competitors. How often does each appear in your sum?

Loses: softmax, cross_entropy_grad
"""

import math

import numpy as np


def along(scores):
    shifted = scores - scores.max()
    return np.exp(shifted) / sum(math.exp(v) for v in set(shifted.tolist()))


def softmax(z, axis=-1):
    return np.apply_along_axis(along, axis, z)
