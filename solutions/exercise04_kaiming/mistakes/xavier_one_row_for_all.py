"""Print two rows of W. You drew one and handed it to every input.

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    row = rng.normal(0.0, 1.0 / np.sqrt(n_in), n_out)
    return np.tile(row, (n_in, 1))
