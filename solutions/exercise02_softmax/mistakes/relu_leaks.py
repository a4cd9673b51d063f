"""A little of each negative number still comes through. Is that this function or the next one?

Loses: relu, mlp_forward
"""

import numpy as np


def relu(z):
    return np.where(z > 0, z, 0.01 * z)
