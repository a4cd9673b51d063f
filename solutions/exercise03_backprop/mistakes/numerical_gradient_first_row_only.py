"""Which entries of your answer never get a value?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.zeros_like(theta)
    indices = list(np.ndindex(theta.shape))
    for index in indices[: theta.shape[-1] if theta.ndim else 1]:
        ahead, behind = theta.copy(), theta.copy()
        ahead[index] += eps
        behind[index] -= eps
        gradient[index] = (f(ahead) - f(behind)) / (2 * eps)
    return gradient
