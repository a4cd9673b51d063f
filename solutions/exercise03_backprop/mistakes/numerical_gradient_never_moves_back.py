"""While you look at the second entry, where is the first?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.empty_like(theta)
    moved = theta.copy()
    for index in np.ndindex(theta.shape):
        moved[index] += eps
        ahead = f(moved)
        moved[index] -= 2 * eps
        gradient[index] = (ahead - f(moved)) / (2 * eps)
    return gradient
