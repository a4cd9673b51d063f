"""Beyond which z do you stop looking? At that point tanh has not reached 1 yet.

Loses: tanh
"""

import numpy as np


def tanh(z):
    e = np.exp(2.0 * np.clip(z, -5.0, 5.0))
    return (e - 1.0) / (e + 1.0)
