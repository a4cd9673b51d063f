"""Yours mixes two neighbours. Does the third value still know of the first?

Loses: exponential
"""

import numpy as np


def exponential_average(x, alpha=0.5):
    y = x.copy()
    y[1:] = alpha * x[1:] + (1 - alpha) * x[:-1]
    return y
