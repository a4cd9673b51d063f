"""Your step is equally long on a cliff and on a plain. Where did the size of the gradient go?

Loses: sgd_step
"""

import numpy as np


def sgd_step(param, grad, lr):
    return param - lr * np.sign(grad)
