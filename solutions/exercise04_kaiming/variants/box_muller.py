"""Normal numbers by Box and Muller from uniform ones; gradients with einsum and a one-hot matrix."""

import numpy as np


def normals(shape, rng):
    count = shape[0] * shape[1]
    radius = np.sqrt(-2 * np.log1p(-rng.random((count + 1) // 2)))
    angle = rng.uniform(0, 2 * np.pi, (count + 1) // 2)
    pairs = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])
    return pairs[:count].reshape(shape)


def xavier_normal(n_in, n_out, rng):
    return normals((n_in, n_out), rng) * n_in**-0.5


def kaiming_normal(n_in, n_out, rng):
    return normals((n_in, n_out), rng) * (2 / n_in) ** 0.5


def init_mlp(layer_sizes, scheme, rng):
    gains = {"xavier": 1, "kaiming": 2}
    try:
        gain = gains[scheme]
    except KeyError:
        raise ValueError("bad scheme: " + str(scheme)) from None
    weights = [
        normals(shape, rng) * np.sqrt(gain / shape[0])
        for shape in zip(layer_sizes, layer_sizes[1:], strict=False)
    ]
    return tuple((W, np.zeros_like(W[0])) for W in weights)


def apply(z, activation):
    match activation:
        case "relu":
            return z * (z > 0), (z > 0) * 1.0
        case "tanh":
            return np.tanh(z), 1 / np.cosh(z) ** 2
        case "sigmoid":
            s = 0.5 * (1 + np.tanh(z / 2))
            return s, s * (1 - s)


def activation_stds(X, layers, activation):
    stds = np.empty(len(layers) - 1)
    for k in range(len(layers) - 1):
        W, b = layers[k]
        X, _ = apply(np.einsum("nd,dh->nh", X, W) + b, activation)
        stds[k] = np.sqrt(np.mean((X - X.mean()) ** 2))
    return stds


def gradient_norms(X, y, layers, activation):
    inputs, slopes = [X], []
    for W, b in layers[:-1]:
        a, da = apply(np.einsum("nd,dh->nh", inputs[-1], W) + b, activation)
        inputs.append(a)
        slopes.append(da)
    W, b = layers[-1]
    scores = np.einsum("nh,hc->nc", inputs[-1], W) + b
    onehot = np.eye(scores.shape[1])[y]
    probs = np.exp(scores - np.logaddexp.reduce(scores, axis=1)[:, None])
    delta = (probs - onehot) / X.shape[0]
    norms = np.zeros(len(layers))
    for k in range(len(layers))[::-1]:
        grad = np.einsum("nd,nh->dh", inputs[k], delta)
        norms[k] = np.einsum("dh,dh->", grad, grad) ** 0.5
        if k > 0:
            delta = np.einsum("nh,dh->nd", delta, layers[k][0]) * slopes[k - 1]
    return norms


def dead_relu_fraction(pre_activations):
    return np.mean(np.max(pre_activations, axis=0) <= 0)
