"""Try z = 10. ReLU has a floor; does it have a ceiling?

Loses: relu, mlp_forward
"""

import numpy as np


def relu(z):
    return np.clip(z, 0.0, 6.0)
