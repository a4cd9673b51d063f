"""Steep gradients move you less than they should. Who asked for a limit?

Loses: sgd_step
"""

import numpy as np


def sgd_step(param, grad, lr):
    return param - lr * np.clip(grad, -10.0, 10.0)
