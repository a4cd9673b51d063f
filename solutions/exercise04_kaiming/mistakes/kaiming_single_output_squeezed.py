"""With one output W is a vector all of a sudden. x @ W should still have a column.

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return np.squeeze(rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out)))
