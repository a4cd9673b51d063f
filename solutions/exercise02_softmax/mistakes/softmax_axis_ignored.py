"""Call it with axis=0: do the columns sum to 1?

Loses: softmax
"""

import numpy as np


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
