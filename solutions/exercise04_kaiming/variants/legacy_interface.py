"""NumPy's old interface over the bits of the new generator, transposed draws, one sample at a time."""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    old = np.random.RandomState(rng.bit_generator)
    return old.normal(scale=1 / n_in**0.5, size=(n_out, n_in)).T


def kaiming_normal(n_in, n_out, rng):
    old = np.random.RandomState(rng.bit_generator)
    return old.normal(scale=(2 / n_in) ** 0.5, size=n_out * n_in).reshape(n_in, n_out, order="F")


def init_mlp(layer_sizes, scheme, rng):
    assert_known(scheme)
    sizes = iter(layer_sizes)
    n_in = next(sizes)
    layers = []
    for n_out in sizes:
        W = xavier_normal(n_in, n_out, rng) if scheme == "xavier" else kaiming_normal(n_in, n_out, rng)
        layers.append((W, W.sum(axis=0) * 0))
        n_in = n_out
    return layers


def assert_known(scheme):
    if scheme in ("xavier", "kaiming"):
        return
    raise ValueError("scheme")


def forward(x, layers, activation):
    seen = [x]
    for W, b in layers[:-1]:
        z = np.dot(seen[-1], W) + b
        if activation == "relu":
            z[z < 0] = 0
        elif activation == "tanh":
            z = (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)
        else:
            z = np.exp(z) / (np.exp(z) + 1)
        seen.append(z)
    return seen


def activation_stds(X, layers, activation):
    each = [forward(x, layers, activation) for x in X]
    return [np.std([seen[k] for seen in each]) for k in range(1, len(layers))]


def gradient_norms(X, y, layers, activation):
    total = [np.zeros(W.shape) for W, _ in layers]
    for x, label in zip(X, y, strict=True):
        seen = forward(x, layers, activation)
        W, b = layers[-1]
        odds = np.exp(seen[-1] @ W + b)
        delta = odds / odds.sum()
        delta[label] = delta[label] - 1
        for k in reversed(range(len(layers))):
            total[k] += np.outer(seen[k], delta)
            delta = layers[k][0] @ delta
            a = seen[k]
            delta = (
                delta * (a > 0)
                if activation == "relu"
                else delta * (1 - a) * (1 + a if activation == "tanh" else a)
            )
    return [float(np.sqrt((grad * grad).sum())) / len(X) for grad in total]


def dead_relu_fraction(pre_activations):
    n, units = pre_activations.shape
    return (
        np.float64(sum(set(column) <= {0.0} for column in (pre_activations * (pre_activations > 0)).T))
        / units
    )
