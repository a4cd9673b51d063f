"""The numbers are right; what shape did they have when you got them?

Loses: sgd_step
"""

import numpy as np


def sgd_step(param, grad, lr):
    return np.ravel(param) - lr * np.ravel(grad)
