"""Your loop runs over the first axis. What moves when theta is a matrix, and what when it has no axes?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.zeros_like(theta)
    for i in range(len(theta)):
        ahead, behind = theta.copy(), theta.copy()
        ahead[i] += eps
        behind[i] -= eps
        gradient[i] = (f(ahead) - f(behind)) / (2 * eps)
    return gradient
