"""fit only counts how often each sample was added or taken off; w is put together at the end."""

import numpy as np


def predict(X, w, b):
    return np.greater(np.matmul(X, w), -b).astype(np.int64)


def update(w, b, x, y, lr):
    fired = w.dot(x) > -b
    if fired and y == 0:
        return np.subtract(w, lr * x), b - lr
    if not fired and y == 1:
        return np.add(w, lr * x), b + lr
    return w.copy(), b


def fit(X, y, lr=1.0, max_epochs=100):
    targets = y.astype(np.float64)
    kernel = np.matmul(X, X.T) + 1
    alpha = np.zeros(len(X))
    mistakes = []
    epoch = 0
    clean = False
    while epoch < max_epochs and not clean:
        previous = alpha.copy()
        for i in range(len(X)):
            alpha[i] += targets[i] - float(np.sum(kernel[i] * alpha) > 0)
        mistakes.append(int(np.count_nonzero(alpha != previous)))
        clean = mistakes[-1] == 0
        epoch += 1
    return lr * (alpha @ X), lr * alpha.sum(), mistakes
