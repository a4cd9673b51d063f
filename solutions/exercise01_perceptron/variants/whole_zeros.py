"""Starts from whole zeros, looks ahead to the next wrong sample with the whole table, and counts in floats."""

import numpy as np


def predict(X, w, b):
    result = np.zeros(X.shape[0], dtype=int)
    result[(X * w).sum(axis=1) + b > 0] = 1
    return result


def update(w, b, x, y, lr):
    direction = float(y) - float(predict(x.reshape(1, -1), w, b)[0])
    return (w, b) if direction == 0 else (w + lr * direction * x, b + lr * direction)


def fit(X, y, lr=1.0, max_epochs=100):
    w, b, mistakes = np.zeros(X.shape[1], dtype=int), 0, []
    for _ in range(max_epochs):
        start, errors = 0, 0.0
        # all samples before the next wrong one are right, so they change nothing
        while (wrong := np.flatnonzero(predict(X[start:], w, b) != y[start:])).size:
            i = start + wrong[0]
            w, b = update(w, b, X[i], y[i], lr)
            start, errors = i + 1, errors + 1.0
        mistakes.append(errors)
        if not errors:
            break
    return w, b, mistakes
