"""The slope has to be taken where the activation was: which layer's output stands beside this dz?

Loses: gradient_norms
"""

import numpy as np


def gradient_norms(X, y, layers, activation):
    _, slope = ACTIVATIONS[activation]
    hidden = hidden_activations(X, layers, activation)
    inputs = [X, *hidden]
    W, b = layers[-1]
    logits = inputs[-1] @ W + b
    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    dz = exps / exps.sum(axis=1, keepdims=True)
    dz[np.arange(len(y)), y] -= 1.0
    dz /= len(y)
    norms = []
    for k in reversed(range(len(layers))):
        norms.append(float(np.linalg.norm(inputs[k].T @ dz)))
        da = dz @ layers[k][0].T
        earlier = inputs[max(k - 1, 1)] if k > 1 else inputs[k]
        dz = da * slope(earlier if earlier.shape == da.shape else inputs[k])
    return norms[::-1]
