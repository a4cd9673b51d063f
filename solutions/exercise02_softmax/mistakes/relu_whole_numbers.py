"""np.vectorize decides from the first answer what kind of number all answers are. What kind is your 0?

Loses: relu, mlp_forward
"""

import numpy as np


def relu(z):
    return np.vectorize(lambda v: max(0, v))(z)
