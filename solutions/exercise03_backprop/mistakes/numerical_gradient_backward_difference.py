"""You look behind you only. What does the other side of the point say?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        behind = theta.copy()
        behind[index] -= eps
        gradient[index] = (f(theta) - f(behind)) / eps
    return gradient
