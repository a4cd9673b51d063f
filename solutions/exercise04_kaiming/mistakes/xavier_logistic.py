"""A bell with the right spread, and three times too many weights far out. Which distribution was asked for?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return rng.logistic(0.0, np.sqrt(3.0 / n_in) / np.pi, (n_in, n_out))
