"""You standardise the inputs first. Whose spread do you measure then?

Loses: activation_stds
"""

import numpy as np


def activation_stds(X, layers, activation):
    spread = X.std(axis=0)
    X = (X - X.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
    return [float(a.std()) for a in hidden_activations(X, layers, activation)]
