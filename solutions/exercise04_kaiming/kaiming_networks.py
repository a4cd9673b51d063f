"""Networks to look into, drawn so that rounding decides nothing, and what their activations are."""

import itertools
import math

import numpy as np

from dlgrade.suite import Draw

LABELS = [np.int64, np.int32, np.int8, np.uint8, np.int16, np.uint16, np.uint32]
ACTIVATIONS = ["relu", "tanh", "sigmoid"]
SIZES = [(4, 4, 4), (3, 3, 3, 3, 3), (5, 3, 5, 3, 5), (4, 2, 2, 4), (5, 4, 4), (2, 5, 5, 2), (4, 4, 1, 3)]
SIZES += [(1, 3, 4, 2), (1, 1, 1, 2), (4, 1, 3, 2), (1, 1, 4, 1, 3), (1, 4, 2), (5, 3, 2), (1, 5, 3, 4, 2)]


def network(draw: Draw):
    """Draw X, y, layers and activation, with sizes that all differ."""
    return made(draw, draw.sizes(draw.integer(4, 6), 2, 8))


def lookalike_network(draw: Draw):
    """Draw a network with sizes that are equal, or 1: a wrong transpose fits, a lost axis goes unnoticed."""
    return made(draw, draw.choice(SIZES))


def made(draw: Draw, sizes):
    """Draw what a network with n samples, d features, hidden layers and c classes holds."""
    n, *widths = sizes
    activation = draw.choice(ACTIVATIONS)
    y = draw.integers((n,), 0, widths[-1] - 1, dtype=draw.choice(LABELS))
    # All numbers at one stroke: the search for a smaller case is quick where choices are few.
    rng = np.random.default_rng(draw.integer(0, 9999))
    X = rng.uniform(-1.5, 1.5, (n, widths[0])).round(2) * draw.choice([1.0, 0.1, 5.0])
    return X, y, layers_of(rng, X, widths, activation), activation


def layers_of(rng, X, widths, activation, size=1.5, bias=0.5) -> list[tuple[np.ndarray, np.ndarray]]:
    """Draw layers in numbers of two digits; no ReLU is so near its corner that rounding decides."""
    layers = []
    for k, (n_in, n_out) in enumerate(itertools.pairwise(widths)):
        bound = size / math.sqrt(n_in)
        W, b = rng.uniform(-bound, bound, (n_in, n_out)).round(2), rng.uniform(-bias, bias, n_out).round(2)
        if activation == "relu" and k < len(widths) - 2:
            b = off_the_corner(X @ W, b)
            X = np.maximum(X @ W + b, 0.0)
        layers.append((W, b))
    return layers


def off_the_corner(products, b):
    """Raise biases until no pre-activation is so near to 0 that the order of a sum could decide its sign."""
    while (near := (np.abs(products + b) < 1e-3).any(axis=0)).any():
        b = (b + 0.01 * near).round(2)
    return b


def network_on_the_corner(draw: Draw):
    """Draw a ReLU network of whole numbers in which every first hidden unit is exactly 0 for a sample."""
    n, d, h, k, c = draw.sizes(5, 2, 7)
    rng = np.random.default_rng(draw.integer(0, 9999))
    X, W1, W2 = 1.0 * rng.integers(-3, 4, (n, d)), *(1.0 * rng.integers(-2, 3, s) for s in ((d, h), (h, k)))
    b1 = 0.0 - (X @ W1)[rng.integers(0, n, h), np.arange(h)]
    b2 = 0.0 - (np.maximum(X @ W1 + b1, 0.0) @ W2)[rng.integers(0, n, k), np.arange(k)]
    W3, b3 = rng.uniform(-0.05, 0.05, (k, c)).round(3), rng.uniform(-0.5, 0.5, c).round(2)
    return X, rng.integers(0, c, n), [(W1, b1), (W2, b2), (W3, b3)], "relu"


def activate(z, activation: str):
    """The activation in long doubles, by formulas that are not the usual ones."""
    if activation == "relu":
        return np.where(z > 0, z, np.longdouble(0))
    if activation == "sigmoid":
        return (1 + activate(z / 2, "tanh")) / 2
    grown = np.expm1(2 * np.abs(z))
    return np.sign(z) * (1 - 2 / (grown + 2))


def true_stds(X, layers, activation: str) -> list[float]:
    """The std of every hidden layer by its definition, in long doubles."""
    stds, a = [], np.asarray(X, np.longdouble)
    for W, b in layers[:-1]:
        z = sum(a[:, j, None] * np.asarray(W[j], np.longdouble) for j in range(len(W))) + b
        a = activate(z, activation)
        away = a - a.sum() / a.size
        stds.append(float(np.sqrt((away**2).sum() / a.size)))
    return stds
