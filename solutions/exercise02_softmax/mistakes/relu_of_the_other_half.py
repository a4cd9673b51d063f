"""Your positive numbers disappear and the negative ones stay: which half should pass?

Loses: relu, mlp_forward
"""

import numpy as np


def relu(z):
    return np.minimum(0.0, z)
