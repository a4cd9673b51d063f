"""You keep the answer away from 0 and 1 by hand, and so it is wrong for every z beyond 17. Who asked for
that?

Loses: sigmoid
"""

import numpy as np


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.clip(np.where(z >= 0, 1.0, e) / (1.0 + e), 1e-7, 1.0 - 1e-7)
