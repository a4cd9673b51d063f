"""A little leaks through your ReLU. Is max(z, 0) ever negative?

Loses: activation_stds
"""

import numpy as np


def activation_stds(X, layers, activation):
    f = (lambda z: np.where(z > 0.0, z, 0.01 * z)) if activation == "relu" else ACTIVATIONS[activation][0]
    stds = []
    for W, b in layers[:-1]:
        X = f(X @ W + b)
        stds.append(float(X.std()))
    return stds
