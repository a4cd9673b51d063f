"""Print two columns of W. If all units of a layer agree, who learns something of its own?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    column = rng.normal(0.0, 1.0 / np.sqrt(n_in), (n_in, 1))
    return np.repeat(column, n_out, axis=1)
