"""One of the two is at most 1/4 steep, the other 1. Which slope did you give to which?

Loses: gradient_norms
"""

import numpy as np


def gradient_norms(X, y, layers, activation):
    _, slope = ACTIVATIONS[{"tanh": "sigmoid", "sigmoid": "tanh"}.get(activation, activation)]
    inputs = [X, *hidden_activations(X, layers, activation)]  # what each layer gets
    W, b = layers[-1]
    logits = inputs[-1] @ W + b

    exps = np.exp(logits - logits.max(axis=1, keepdims=True))
    dz = exps / exps.sum(axis=1, keepdims=True)  # dL/dlogits = (softmax − onehot(y)) / n
    dz[np.arange(len(y)), y] -= 1.0
    dz /= len(y)

    norms = []
    for (W, _), a in zip(reversed(layers), reversed(inputs), strict=True):
        norms.append(float(np.linalg.norm(a.T @ dz)))  # z = a·W + b, so dL/dW = aᵀ·dL/dz
        dz = (dz @ W.T) * slope(a)  # and dL/da = dL/dz·Wᵀ, then through a = f(z) of the layer before
    return norms[::-1]
