"""When two entries of theta are equal, which of them do you move?

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.zeros_like(theta)
    for value in np.unique(theta):
        here = theta == value
        step = np.where(here, eps, 0.0)
        gradient[here] = (f(theta + step) - f(theta - step)) / (2 * eps)
    return gradient
