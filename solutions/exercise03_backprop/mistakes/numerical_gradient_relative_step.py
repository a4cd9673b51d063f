"""Your step grows with theta. It was to be eps, everywhere.

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        step = eps * max(1.0, abs(theta[index]))
        ahead, behind = theta.copy(), theta.copy()
        ahead[index] += step
        behind[index] -= step
        gradient[index] = (f(ahead) - f(behind)) / (2 * step)
    return gradient
