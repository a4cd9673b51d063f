"""Look at theta afterwards: who moves it back?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        old = theta[index].copy()
        theta[index] = old + eps
        ahead = f(theta)
        theta[index] = old - eps
        gradient[index] = (ahead - f(theta)) / (2 * eps)
    return gradient
