"""erf runs from -1 to 1, a probability from 0 to 1. What has to be done to the one to get the other?

Loses: gelu
"""

import math

import numpy as np


def gelu(z):
    return z * np.vectorize(math.erf, otypes=[float])(z / math.sqrt(2.0))
