"""A five-term polynomial for erf is good to seven digits, and the standard library's own is good to sixteen.

Loses: gelu
"""

import math

import numpy as np


def gelu(z):
    x = np.abs(z) / math.sqrt(2.0)
    t = 1.0 / (1.0 + 0.3275911 * x)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(z) * (1.0 - series * np.exp(-(np.minimum(x, 30.0) ** 2)))
    return 0.5 * z * (1.0 + erf)
