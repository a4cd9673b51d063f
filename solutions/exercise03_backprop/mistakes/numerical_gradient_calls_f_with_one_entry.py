"""f needs the whole of theta, not only the entry that moved. How else could it know the others?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        gradient[index] = (f(theta[index] + eps) - f(theta[index] - eps)) / (2 * eps)
    return gradient
