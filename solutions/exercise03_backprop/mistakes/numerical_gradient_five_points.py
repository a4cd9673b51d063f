"""A finer formula than was asked for: for t³ its answer does not depend on eps at all, and the exercise checks that yours does.

Loses: numerical_gradient
"""

import numpy as np


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):

        def at(steps, index=index):
            moved = theta.copy()
            moved[index] += steps * eps
            return f(moved)

        gradient[index] = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * eps)
    return gradient
