"""Marsaglia's polar method with rejection; one class that runs forwards and backwards."""

import numpy as np


def polar(count, rng):
    kept = np.empty(0)
    while kept.size < count:
        u, v = rng.uniform(-1.0, 1.0, (2, count))
        s = u * u + v * v
        inside = (s > 0.0) & (s < 1.0)
        stretch = np.sqrt(-2.0 * np.log(s[inside]) / s[inside])
        kept = np.concatenate([kept, np.column_stack([u[inside] * stretch, v[inside] * stretch]).ravel()])
    return kept[:count]


def xavier_normal(n_in, n_out, rng):
    W = np.zeros((n_in, n_out))
    W.flat = polar(n_in * n_out, rng)
    W /= np.sqrt(n_in)
    return W


def kaiming_normal(n_in, n_out, rng):
    W = np.zeros((n_in, n_out))
    W.flat = polar(n_in * n_out, rng)
    return np.divide(W, np.sqrt(n_in / 2))


def init_mlp(layer_sizes, scheme, rng):
    known = ["xavier", "kaiming"]
    if known.count(scheme) == 0:
        raise ValueError(f"{scheme=} is not known")
    n_weights = sum(a * b for a, b in zip(layer_sizes[:-1], layer_sizes[1:], strict=True))
    pool = polar(n_weights, rng)
    layers, start = [], 0
    for a, b in zip(layer_sizes[:-1], layer_sizes[1:], strict=True):
        W = pool[start : start + a * b].reshape(a, b) * np.sqrt((known.index(scheme) + 1) / a)
        layers.append((W, np.zeros(b)))
        start += a * b
    return layers


class Network:
    def __init__(self, layers, activation):
        self.layers = layers
        self.activation = activation

    def hidden(self, X):
        found = []
        for W, b in self.layers[:-1]:
            X = getattr(self, self.activation)(np.matmul(X, W) + b)
            found.append(X)
        return found

    def relu(self, z):
        return np.clip(z, 0.0, None)

    def tanh(self, z):
        return 2.0 * self.sigmoid(2.0 * z) - 1.0

    def sigmoid(self, z):
        return np.reciprocal(1.0 + np.exp(-z))

    def slope(self, a):
        if self.activation == "relu":
            return np.sign(a)
        if self.activation == "tanh":
            return (1.0 - a) * (1.0 + a)
        return a * (1.0 - a)

    def gradients(self, X, y):
        stages = [X] + self.hidden(X)
        W, b = self.layers[-1]
        scores = np.matmul(stages[-1], W) + b
        scores = scores - scores.max(axis=1).reshape(-1, 1)
        log_probs = scores - np.log(np.exp(scores).sum(axis=1)).reshape(-1, 1)
        d = np.exp(log_probs)
        np.subtract.at(d, (np.arange(d.shape[0]), y), 1.0)
        d = d / d.shape[0]
        gradients = {}
        for k in range(len(self.layers) - 1, -1, -1):
            gradients[k] = np.tensordot(stages[k], d, axes=(0, 0))
            d = np.matmul(d, self.layers[k][0].T)
            if k:
                d = d * self.slope(stages[k])
        return [gradients[k] for k in range(len(self.layers))]


def activation_stds(X, layers, activation):
    return [np.linalg.norm(a - a.mean()) / np.sqrt(a.size) for a in Network(layers, activation).hidden(X)]


def gradient_norms(X, y, layers, activation):
    return tuple(np.sqrt(np.sum(g**2)) for g in Network(layers, activation).gradients(X, y))


def dead_relu_fraction(pre_activations):
    return np.array([np.all(column <= 0) for column in pre_activations.T]).mean()
