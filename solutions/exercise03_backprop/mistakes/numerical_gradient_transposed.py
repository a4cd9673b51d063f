"""Entry (0, 1) of your answer belongs to entry (1, 0) of theta. Which did you move?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.empty(theta.shape[::-1])
    for index in np.ndindex(theta.shape):
        ahead, behind = theta.copy(), theta.copy()
        ahead[index] += eps
        behind[index] -= eps
        gradient[index[::-1]] = (f(ahead) - f(behind)) / (2 * eps)
    return gradient
