"""It works for numbers and vectors. What does your loop meet in a matrix, and what in an array without axes?

Loses: sgd_step
"""

import numpy as np


def sgd_step(param, grad, lr):
    if isinstance(param, float):
        return param - lr * grad
    new = np.zeros(param.shape)
    for i in range(len(param)):
        new[i] = param[i] - lr * grad[i].sum()
    return new
