"""You look ahead only. What does the other side of the point say?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        ahead = theta.copy()
        ahead[index] += eps
        gradient[index] = (f(ahead) - f(theta)) / eps
    return gradient
