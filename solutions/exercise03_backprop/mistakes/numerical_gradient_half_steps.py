"""Your two points are eps apart. How far to either side was asked for?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        ahead, behind = theta.copy(), theta.copy()
        ahead[index] += eps / 2
        behind[index] -= eps / 2
        gradient[index] = (f(ahead) - f(behind)) / eps
    return gradient
