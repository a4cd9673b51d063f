"""The second call with the same rng gives the first one's matrix. Who remembers it?

Loses: kaiming_normal
"""

import functools

import numpy as np


@functools.cache
def kaiming_normal(n_in, n_out, rng):
    return rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))
