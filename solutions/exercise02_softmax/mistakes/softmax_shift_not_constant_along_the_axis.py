"""A shift cancels only if all competing scores get the same one. Along which axis do you take the largest?

Loses: softmax
"""

import numpy as np


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
