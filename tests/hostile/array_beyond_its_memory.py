"""Returns an array whose strides lead a gigabyte beyond its memory.

Touches: double, twice
"""

import numpy as np


def double(x):
    return np.lib.stride_tricks.as_strided(x, shape=(1 << 27,), strides=(8,))
