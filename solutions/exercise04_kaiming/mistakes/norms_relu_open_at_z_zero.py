"""At z = 0 exactly the slope is 0 by convention. Is it > or ≥?

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
    for k in reversed(range(len(layers))):
        norms.append(float(np.linalg.norm(inputs[k].T @ dz)))
        if k > 0:
            W, b = layers[k - 1]
            open_gate = inputs[k - 1] @ W + b >= 0.0
            dz = (dz @ layers[k][0].T) * (open_gate if activation == "relu" else slope(inputs[k]))
    return norms[::-1]
