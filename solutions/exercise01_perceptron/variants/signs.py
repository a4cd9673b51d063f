"""Labels are turned into signs: a sample is wrong if its sign and that of its score disagree, 0 being minus."""

import numpy as np


def sides(X, w, b):
    scores = b + np.sum(X * w, axis=1)
    return np.where(scores > 0, 1, -1)


def predict(X, w, b):
    return (sides(X, w, b) + 1) // 2


def update(w, b, x, y, lr):
    sign = 1.0 if y == 1 else -1.0
    if sides(x[np.newaxis, :], w, b).item() != sign:
        w = w + sign * lr * x
        b = b + sign * lr
    return [w, b]


def fit(X, y, lr=1.0, max_epochs=100):
    w, b = np.zeros(X.shape[1]), 0.0
    mistakes = []
    for _ in range(max_epochs):
        mistakes.append(0)
        for i in range(X.shape[0]):
            before = w, b
            w, b = update(w, b, X[i], y[i], lr)
            # a mistake always moves the bias
            mistakes[-1] += int(b != before[1])
        if mistakes[-1] == 0:
            break
    return [w, b, mistakes]
