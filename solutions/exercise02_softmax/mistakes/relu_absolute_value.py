"""A negative number loses its sign here. What should be left of it?

Loses: relu, mlp_forward
"""

import numpy as np


def relu(z):
    return np.abs(z)
