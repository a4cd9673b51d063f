"""Vectors and matrices work. Theta may have any shape: how would you visit every entry of three axes, or of none?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    if theta.ndim == 1:
        return numerical_gradient(lambda row: f(row[0]), theta[None, :], eps)[0]
    gradient = np.zeros_like(theta)
    for i in range(theta.shape[0]):
        for j in range(theta.shape[1]):
            ahead, behind = theta.copy(), theta.copy()
            ahead[i, j] += eps
            behind[i, j] -= eps
            gradient[i, j] = (f(ahead) - f(behind)) / (2 * eps)
    return gradient
