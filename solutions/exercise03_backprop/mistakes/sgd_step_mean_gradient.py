"""Each entry has a gradient of its own. Why do yours all move alike?

Loses: sgd_step
"""

import numpy as np


def sgd_step(param, grad, lr):
    return param - lr * np.mean(grad)
