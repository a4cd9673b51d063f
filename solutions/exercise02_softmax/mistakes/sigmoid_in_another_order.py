"""All the right numbers are there. Are they still in the places they came from?

Loses: sigmoid
"""

import numpy as np


def sigmoid(z):
    negative, positive = z[z < 0], z[z >= 0]
    both = np.concatenate([np.exp(negative) / (1.0 + np.exp(negative)), 1.0 / (1.0 + np.exp(-positive))])
    return both.reshape(z.shape)
