"""Is erf(1) the probability within one standard deviation? Compare: 0.8427 and 0.6827.

Loses: gelu
"""

import math

import numpy as np


def gelu(z):
    return 0.5 * z * (1.0 + np.vectorize(math.erf, otypes=[float])(z))
