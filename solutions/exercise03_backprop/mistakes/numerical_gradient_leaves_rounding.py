"""0.3 + 0.1 − 0.1 is not 0.3 to a computer. Compare theta before and after, to the last bit.

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        theta[index] += eps
        ahead = f(theta)
        theta[index] -= 2 * eps
        behind = f(theta)
        theta[index] += eps
        gradient[index] = (ahead - behind) / (2 * eps)
    return gradient
