"""The way back meets the last layer first. In which order was the list asked for?

Loses: gradient_norms
"""

import numpy as np


def gradient_norms(X, y, layers, activation):
    _, slope = ACTIVATIONS[activation]
    inputs = [X, *hidden_activations(X, layers, activation)]
    W, b = layers[-1]
    logits = inputs[-1] @ W + b
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    dz = exps / exps.sum(axis=1, keepdims=True)
    dz[np.arange(len(y)), y] -= 1.0
    dz /= len(y)
    norms = []
    for (W, _), a in zip(reversed(layers), reversed(inputs), strict=True):
        norms.append(float(np.linalg.norm(a.T @ dz)))
        dz = (dz @ W.T) * slope(a)
    return norms
