"""Three straight pieces are a cheap stand-in for the sigmoid. What is the real one at z = 1?

Loses: sigmoid
"""

import numpy as np


def sigmoid(z):
    return np.clip(0.25 * z + 0.5, 0.0, 1.0)
