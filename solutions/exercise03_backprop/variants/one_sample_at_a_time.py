"""Outer products, sample by sample, added up; closures for the way back."""

import functools
import operator

import numpy as np


def forward(w, x, b, y_true):
    """Everything through one dot product, and the square multiplied out."""
    z = np.dot([w, 1.0], [x, b])
    a = (z + abs(z)) / 2
    return z, a, a**2 - 2 * a * y_true + y_true**2


def backward(w, x, b, y_true):
    """Chain closures, each of which knows the slope of its own step."""
    z, a, _ = forward(w, x, b, y_true)

    def through_loss(upstream):
        return upstream * 2 * (a - y_true)

    def through_relu(upstream):
        return upstream if z > 0 else upstream * 0.0

    def through_product(upstream):
        return upstream * x

    dL_da = through_loss(1)
    dL_dz = through_relu(dL_da)
    return {
        "dL_da": dL_da,
        "da_dz": through_relu(1.0),
        "dz_dw": through_product(1),
        "dL_dw": through_product(dL_dz),
        "dL_db": dL_dz,
    }


def sgd_step(param, grad, lr):
    return np.array(param) - np.array(grad) * lr


def numerical_gradient(f, theta, eps=1e-5):
    """Recurse along the first axis until nothing but a number is left."""

    def slope(*index):
        if len(index) < theta.ndim:
            return [slope(*index, i) for i in range(theta.shape[len(index)])]
        high, low = np.array(theta), np.array(theta)
        high[index] += eps
        low[index] = high[index] - 2 * eps
        return (f(high) - f(low)) * 0.5 / eps

    return np.asarray(slope())


def one(x, label, W1, b1, W2, b2):
    z = x @ W1 + b1
    hidden = np.maximum(z, 0)
    logits = hidden @ W2 + b2
    top = logits.max()
    weights = np.exp(logits - top)
    loss = top + np.log(weights.sum()) - logits[label]
    dlogits = weights / weights.sum()
    dlogits[label] -= 1
    dz = np.array([upstream if value > 0 else 0.0 for upstream, value in zip(W2 @ dlogits, z, strict=True)])
    return np.array([loss]), np.outer(x, dz), dz, np.outer(hidden, dlogits), dlogits


def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    samples = [one(x, label, W1, b1, W2, b2) for x, label in zip(X, y, strict=True)]
    (loss,), *grads = (
        functools.reduce(operator.add, parts) / len(samples) for parts in zip(*samples, strict=True)
    )
    return [float(loss), dict(zip(["W1", "b1", "W2", "b2"], grads, strict=True))]
