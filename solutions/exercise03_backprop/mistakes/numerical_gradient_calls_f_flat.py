"""f was promised an array shaped like theta. What do you hand it?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    flat = theta.ravel()
    gradient = np.empty(flat.size)
    for i in range(flat.size):
        ahead, behind = flat.copy(), flat.copy()
        ahead[i] += eps
        behind[i] -= eps
        gradient[i] = (f(ahead) - f(behind)) / (2 * eps)
    return gradient.reshape(theta.shape)
