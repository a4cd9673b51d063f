"""x @ W has n_out columns. Which shape must W have for that?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return rng.normal(0.0, 1.0 / np.sqrt(n_in), (n_out, n_in))
