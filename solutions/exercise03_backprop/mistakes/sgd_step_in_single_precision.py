"""Your parameter has seven digits and no more. Which type did you make it?

Loses: sgd_step
"""

import numpy as np


def sgd_step(param, grad, lr):
    return np.float32(param) - np.float32(lr) * np.float32(grad)
