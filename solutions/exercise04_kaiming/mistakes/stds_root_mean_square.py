"""Without taking the mean off first this is the root mean square. ReLU's activations do not have mean 0.

Loses: activation_stds
"""

import numpy as np


def activation_stds(X, layers, activation):
    return [float(np.sqrt((a**2).mean())) for a in hidden_activations(X, layers, activation)]
