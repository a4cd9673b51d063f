"""Returns integers where floats are asked for.

Touches: double, twice
Says: has dtype int64, floats are asked for
"""

import numpy as np


def double(x):
    return np.round(2 * x).astype(int)
