"""You multiply by the height of the bell curve at z. What was asked for is the area to the left of z.

Loses: gelu
"""

import math

import numpy as np


def gelu(z):
    return z * np.exp(-(np.clip(z, -100.0, 100.0) ** 2) / 2.0) / math.sqrt(2.0 * math.pi)
