"""A batch of one is still a batch: (1, d) should give (1, c).

Loses: mlp_forward
"""

import numpy as np


def mlp_forward(x, W1, b1, W2, b2):
    hidden = relu(np.atleast_2d(x) @ W1 + b1)
    return hidden.squeeze(), softmax(hidden @ W2 + b2).squeeze()
