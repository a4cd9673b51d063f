"""Given a step you use it. What is your step when none is given?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-4):
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        ahead, behind = theta.copy(), theta.copy()
        ahead[index] += eps
        behind[index] -= eps
        gradient[index] = (f(ahead) - f(behind)) / (2 * eps)
    return gradient
