"""Uniform numbers sent through the inverse distribution function; recursion forwards and backwards."""

from math import sqrt
from statistics import NormalDist, pstdev

import numpy as np


def quantile(u, std):
    return NormalDist(0, std).inv_cdf(u or 0.5**54)


def columns(n_in, n_out, std, rng):
    drawn = [[quantile(rng.random(), std) for _ in range(n_in)] for _ in range(n_out)]
    return np.array(drawn).T


def xavier_normal(n_in, n_out, rng):
    return columns(n_in, n_out, sqrt(1 / n_in), rng)


def kaiming_normal(n_in, n_out, rng):
    return columns(n_in, n_out, sqrt(2 / n_in), rng)


def init_mlp(layer_sizes, scheme, rng):
    """Draw the last layer first."""
    functions = dict(xavier=xavier_normal, kaiming=kaiming_normal)
    if scheme not in functions:
        raise ValueError(f"no such scheme: {scheme}")

    def build(sizes):
        if len(sizes) < 2:
            return []
        later = build(sizes[1:])
        return [(functions[scheme](sizes[0], sizes[1], rng), np.zeros((sizes[1],))), *later]

    return build(list(layer_sizes))


F = {
    "relu": lambda z: (abs(z) + z) / 2,
    "tanh": np.tanh,
    "sigmoid": lambda z: np.where(z < 0, np.exp(np.minimum(z, 0)), 1) / (1 + np.exp(-abs(z))),
}
SLOPE = {"relu": lambda z: np.heaviside(z, 0.0), "tanh": lambda z: 1 - np.tanh(z) ** 2}
SLOPE["sigmoid"] = lambda z: F["sigmoid"](z) * F["sigmoid"](-z)


def activation_stds(X, layers, activation):
    if len(layers) == 1:
        return ()
    W, b = layers[0]
    a = F[activation](X @ W + b)
    return (pstdev(a.ravel().tolist()), *activation_stds(a, layers[1:], activation))


def gradient_norms(X, y, layers, activation):
    norms = []

    def back(a, rest):
        """Give dL/da; note the norms of the layers in `rest`, the last one first."""
        (W, b), *later = rest
        z = a @ W + b
        if later:
            dz = back(F[activation](z), later) * SLOPE[activation](z)
        else:
            grown = np.exp(z - np.max(z, axis=-1)[:, np.newaxis])
            dz = (grown / np.sum(grown, axis=-1)[:, np.newaxis] - (y[:, np.newaxis] == range(len(b)))) / len(
                a
            )
        norms.insert(0, np.sqrt(np.sum(np.square(np.transpose(a) @ dz))))
        return dz @ np.transpose(W)

    back(X, layers)
    return norms


def dead_relu_fraction(pre_activations):
    alive = np.count_nonzero(np.count_nonzero(pre_activations > 0, axis=0))
    return 1 - alive / pre_activations.shape[1] if alive else 1
