"""Left of 0 the function should still be negative. What happens to the sign in your branch?

Loses: leaky_relu
"""

import numpy as np


def leaky_relu(z, slope=0.01):
    return np.where(z > 0, z, slope * np.abs(z))
