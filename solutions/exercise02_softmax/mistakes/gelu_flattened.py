"""Print the shape of your answer for a (3, 5) array. The numbers are right; where did the rows go?

Loses: gelu
"""

import numpy as np


def gelu(z):
    return np.array([v * normal_cdf(v) for v in np.ravel(z)])
