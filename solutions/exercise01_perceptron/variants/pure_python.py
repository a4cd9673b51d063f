"""No NumPy but for the arrays that are handed back: sums, loops and floats."""

import numpy as np


def _score(x, w, b):
    total = float(b)
    for x_i, w_i in zip(x, w):
        total += float(x_i) * float(w_i)
    return total


def predict(X, w, b):
    classes = []
    for row in X:
        classes.append(1 if _score(row, w, b) > 0 else 0)
    return np.array(classes, dtype=np.int8)


def update(w, b, x, y, lr):
    guess = 1 if _score(x, w, b) > 0 else 0
    if guess == y:
        return w, b
    if y == 1:
        return np.array([w_i + lr * x_i for w_i, x_i in zip(w, x)]), b + lr
    return np.array([w_i - lr * x_i for w_i, x_i in zip(w, x)]), b - lr


def fit(X, y, lr=1.0, max_epochs=100):
    rows, labels = X.tolist(), y.tolist()
    w, b = [0.0] * X.shape[1], 0.0
    mistakes = []
    while len(mistakes) < max_epochs:
        count = 0
        for row, label in zip(rows, labels):
            guess = 1 if _score(row, w, b) > 0 else 0
            if guess != label:
                count += 1
                w, b = update(w, b, row, label, lr)
        mistakes.append(count)
        if not count:
            break
    return np.array([float(w_i) for w_i in w]), float(b), tuple(mistakes)
