"""Asks for an array of 10 GB.

Touches: double, twice
Says: raised
"""

import numpy as np


def double(x):
    return np.ones((10_000, 125_000))
