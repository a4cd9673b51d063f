"""Twelve uniform numbers make a fair bell, but none beyond six and too few beyond three. rng can draw the real thing.

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    z = rng.random((12, n_in, n_out)).sum(axis=0) - 6.0
    return z / np.sqrt(n_in)
