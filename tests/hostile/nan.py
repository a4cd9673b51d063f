"""Returns NaN, which is unequal to everything.

Touches: double, twice
Says: is nan, it should be
"""

import numpy as np


def double(x):
    return np.full(x.shape, np.nan)
