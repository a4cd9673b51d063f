"""A quotient of polynomials comes close to tanh. Close is not equal: compare at z = 2.

Loses: tanh
"""

import numpy as np


def tanh(z):
    return np.clip(z * (27.0 + z**2) / (27.0 + 9.0 * z**2), -1.0, 1.0)
