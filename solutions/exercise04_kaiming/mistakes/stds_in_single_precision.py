"""Your numbers have seven digits and no more. Which type did you make them?

Loses: activation_stds
"""

import numpy as np


def activation_stds(X, layers, activation):
    layers = [(W.astype(np.float32), b.astype(np.float32)) for W, b in layers]
    return [float(a.std()) for a in hidden_activations(X.astype(np.float32), layers, activation)]
