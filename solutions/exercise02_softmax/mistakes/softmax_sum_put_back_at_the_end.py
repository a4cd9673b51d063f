"""You put the summed axis back as the last one. Where was it before?

Loses: softmax
"""

import numpy as np


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis)[..., None]
