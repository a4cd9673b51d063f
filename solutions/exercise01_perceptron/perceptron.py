"""The perceptron: one neuron that learns a straight line from its mistakes."""

import numpy as np


def predict(X, w, b):
    """Return 1 where a sample's score is above 0, and 0 elsewhere."""
    # score = x · w + b
    return (X @ w + b > 0).astype(int)


def update(w, b, x, y, lr):
    """Return the weights and the bias after one sample."""
    # y - ŷ is 1 or -1 after a mistake and 0 otherwise; int(), because unsigned labels have no -1
    error = int(y) - int(predict(x, w, b))
    # w ← w + lr (y - ŷ) x,  b ← b + lr (y - ŷ)
    return w + lr * error * x, b + lr * error


def fit(X, y, lr=1.0, max_epochs=100):
    """Return the weights, the bias and each epoch's number of mistakes."""
    w, b, mistakes = np.zeros(X.shape[1]), 0.0, []
    for _ in range(max_epochs):
        wrong = 0
        for sample, label in zip(X, y, strict=True):
            wrong += int(predict(sample, w, b) != label)
            w, b = update(w, b, sample, label, lr)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes
