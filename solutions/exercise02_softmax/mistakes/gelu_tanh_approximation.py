"""This is the well-known approximation with a tanh. It is off by up to 0.0005; the exact GELU was asked for.

Loses: gelu
"""

import math

import numpy as np


def gelu(z):
    return 0.5 * z * (1.0 + np.tanh(math.sqrt(2.0 / math.pi) * (z + 0.044715 * z**3)))
