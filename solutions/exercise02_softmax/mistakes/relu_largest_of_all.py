"""np.max looks for the largest entry along an axis. You wanted the larger of two numbers, element by
element.

Loses: relu, mlp_forward
"""

import numpy as np


def relu(z):
    return np.max(z, 0)
