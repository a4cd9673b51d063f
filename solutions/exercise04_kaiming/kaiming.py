"""Kaiming initialisation: how to draw weights, and what depth does to activations and gradients."""

import itertools

import numpy as np


def xavier_normal(n_in, n_out, rng):
    # x·w sums n_in products, so n_in · Var(w) = 1 keeps the variance of x
    # (Glorot and Bengio, 2010, eq. 10; their eq. 12 averages this with the way back).
    return rng.normal(0.0, np.sqrt(1.0 / n_in), (n_in, n_out))


def kaiming_normal(n_in, n_out, rng):
    # ReLU lets half of E[z²] through, so n_in · Var(w) / 2 = 1 (He et al., 2015, eq. 10).
    return rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))


SCHEMES = {"xavier": xavier_normal, "kaiming": kaiming_normal}


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}, it should be one of {', '.join(SCHEMES)}")
    draw = SCHEMES[scheme]
    pairs = itertools.pairwise(layer_sizes)
    return [(draw(n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]


ACTIVATIONS = {  # a = f(z), and the slope da/dz in terms of a
    "relu": (lambda z: np.maximum(z, 0.0), lambda a: a > 0.0),
    "tanh": (np.tanh, lambda a: 1.0 - a**2),
    "sigmoid": (lambda z: 1.0 / (1.0 + np.exp(-z)), lambda a: a * (1.0 - a)),
}


def hidden_activations(X, layers, activation):
    f, _ = ACTIVATIONS[activation]
    hidden = []
    for W, b in layers[:-1]:
        X = f(X @ W + b)
        hidden.append(X)
    return hidden


def activation_stds(X, layers, activation):
    return [float(a.std()) for a in hidden_activations(X, layers, activation)]


def gradient_norms(X, y, layers, activation):
    _, slope = ACTIVATIONS[activation]
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


def dead_relu_fraction(pre_activations):
    return float((pre_activations <= 0.0).all(axis=0).mean())
