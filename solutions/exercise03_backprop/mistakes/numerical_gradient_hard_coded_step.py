"""Call it with eps=0.5 and with eps=0.25: why does nothing change?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        ahead, behind = theta.copy(), theta.copy()
        ahead[index] += 1e-5
        behind[index] -= 1e-5
        gradient[index] = (f(ahead) - f(behind)) / (2 * 1e-5)
    return gradient
