"""A reshape counts the same numbers off in another way; it does not bring an axis to the end. Look at one
slice after it.

Loses: softmax
"""

import numpy as np


def softmax(z, axis=-1):
    rows = z.reshape(-1, z.shape[axis])
    e = np.exp(rows - rows.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).reshape(z.shape)
