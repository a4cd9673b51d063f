"""Plain Python: one draw for each weight, loops for the rest, arrays only where they go in and come out."""

import math

import numpy as np


def draw(n_in, n_out, std, rng):
    return np.array([[rng.normal(0, std) for _ in range(n_out)] for _ in range(n_in)])


def xavier_normal(n_in, n_out, rng):
    return draw(n_in, n_out, 1 / math.sqrt(n_in), rng)


def kaiming_normal(n_in, n_out, rng):
    return draw(n_in, n_out, math.sqrt(2 / n_in), rng)


def init_mlp(layer_sizes, scheme, rng):
    layers = []
    for k in range(len(layer_sizes) - 1):
        n_in, n_out = layer_sizes[k], layer_sizes[k + 1]
        if scheme == "xavier":
            W = xavier_normal(n_in, n_out, rng)
        elif scheme == "kaiming":
            W = kaiming_normal(n_in, n_out, rng)
        else:
            raise ValueError("scheme must be 'xavier' or 'kaiming'")
        layers.append([W, np.array([0.0] * n_out)])
    return layers


def activate(z, activation):
    if activation == "relu":
        return z if z > 0 else 0.0
    if activation == "tanh":
        return math.tanh(z)
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def slope(z, activation):
    if activation == "relu":
        return 1.0 if z > 0 else 0.0
    a = activate(z, activation)
    return 1 - a * a if activation == "tanh" else a - a * a


def affine(row, W, b):
    return [
        sum(x * w for x, w in zip(row, column, strict=True)) + bias
        for column, bias in zip(W.T, b, strict=True)
    ]


def activation_stds(X, layers, activation):
    rows = X.tolist()
    stds = []
    for W, b in layers[:-1]:
        rows = [[activate(z, activation) for z in affine(row, W, b)] for row in rows]
        entries = [a for row in rows for a in row]
        mean = sum(entries) / len(entries)
        stds.append(math.sqrt(sum((a - mean) ** 2 for a in entries) / len(entries)))
    return stds


def gradient_norms(X, y, layers, activation):
    grads = [[[0.0] * W.shape[1] for _ in range(W.shape[0])] for W, _ in layers]
    for row, label in zip(X.tolist(), y.tolist(), strict=True):
        a, inputs, zs = row, [], []
        for k, (W, b) in enumerate(layers):
            inputs.append(a)
            zs.append(affine(a, W, b))
            a = zs[-1] if k == len(layers) - 1 else [activate(z, activation) for z in zs[-1]]
        top = max(a)
        total = sum(math.exp(score - top) for score in a)
        error = [(math.exp(score - top) / total - (m == label)) / len(y) for m, score in enumerate(a)]
        for k in range(len(layers) - 1, -1, -1):
            W = layers[k][0]
            for i, x in enumerate(inputs[k]):
                for j, e in enumerate(error):
                    grads[k][i][j] += x * e
            if k:
                back = [sum(w * e for w, e in zip(line, error, strict=True)) for line in W]
                error = [d * slope(z, activation) for d, z in zip(back, zs[k - 1], strict=True)]
    return [math.sqrt(sum(g * g for line in grad for g in line)) for grad in grads]


def dead_relu_fraction(pre_activations):
    n, units = pre_activations.shape
    dead = 0
    for j in range(units):
        awake = False
        for i in range(n):
            if pre_activations[i, j] > 0:
                awake = True
                break
        dead += not awake
    return dead / units
