"""Biases as one more row of W, moments for the std, the trace for the norm; rows drawn one by one."""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return np.vstack([rng.normal(scale=np.sqrt(1 / n_in), size=n_out) for _ in range(n_in)])


def kaiming_normal(n_in, n_out, rng):
    W = np.empty((n_in, n_out))
    for j in range(n_out):
        W[:, j] = rng.standard_normal(n_in)
    W *= np.sqrt(2.0) / np.sqrt(n_in)
    return W


def init_mlp(layer_sizes, scheme, rng):
    draw = {"xavier": xavier_normal, "kaiming": kaiming_normal}.get(scheme)
    if draw is None:
        raise ValueError(f"scheme should be xavier or kaiming, not {scheme}")
    return list(map(lambda a, b: (draw(a, b, rng), np.zeros(b)), layer_sizes, layer_sizes[1:]))


def with_ones(x):
    return np.hstack([x, np.ones((len(x), 1))])


def forwards(X, layers, activation):
    f = {"relu": lambda z: np.fmax(z, 0), "tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z))}[
        activation
    ]
    inputs = [with_ones(X)]
    for W, b in layers[:-1]:
        inputs.append(with_ones(f(inputs[-1] @ np.vstack([W, b]))))
    W, b = layers[-1]
    return inputs, inputs[-1] @ np.vstack([W, b])


def activation_stds(X, layers, activation):
    stds = []
    for a in forwards(X, layers, activation)[0][1:]:
        a = a[:, :-1]
        stds.append(np.sqrt(max((a * a).mean() - a.mean() ** 2, 0.0)))
    return stds


def gradient_norms(X, y, layers, activation):
    inputs, logits = forwards(X, layers, activation)
    probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    wanted = np.zeros(logits.shape)
    wanted[range(len(y)), y.astype(int)] = 1
    d = (probs - wanted) / len(y)
    norms = []
    while inputs:
        a = inputs.pop()
        G = (a.T @ d)[:-1]
        norms = [float(np.sqrt(np.trace(G @ G.T)))] + norms
        a = a[:, :-1]
        slope = {"relu": 1.0 * (a != 0), "tanh": 1 - a * a, "sigmoid": a - a * a}[activation]
        d = (d @ layers[len(inputs)][0].T) * slope
    return norms


def dead_relu_fraction(pre_activations):
    awake = (pre_activations > 0).any(axis=0)
    return float((~awake).sum()) / len(awake)
