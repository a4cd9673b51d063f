"""Safe for very negative z. And what is e^z / (1 + e^z) at z = 1000?

Loses: sigmoid
"""

import numpy as np


def sigmoid(z):
    e = np.exp(np.minimum(z, 1000.0))
    return e / (1.0 + e)
