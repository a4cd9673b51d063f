"""The bias is one more weight, of an input that is always 1; einsum, heaviside, and arrays throughout."""

import numpy as np


def with_ones(X):
    return np.hstack([np.ones((X.shape[0], 1)), X])


def predict(X, w, b):
    theta = np.r_[b, w]
    return np.heaviside(np.einsum("ij,j->i", with_ones(X), theta), 0.0).astype(np.uint8)


def _step(theta, row, label, lr):
    error = np.int64(label) - (row @ theta > 0)
    return theta + lr * error * row, error != 0


def update(w, b, x, y, lr):
    theta, _ = _step(np.r_[b, w], np.r_[1.0, x], y, lr)
    return theta[1:], theta[0]


def fit(X, y, lr=1.0, max_epochs=100):
    X1 = with_ones(X)
    theta = np.zeros(X1.shape[1])
    history = np.zeros(max_epochs, dtype=np.int64)
    for epoch in range(max_epochs):
        for row, label in zip(X1, y):
            theta, missed = _step(theta, row, label, lr)
            history[epoch] += missed
        if history[epoch] == 0:
            break
    return theta[1:], theta[0], history[: epoch + 1]
