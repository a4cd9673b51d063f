"""One epoch is a fold over the samples, the training a recursion over epochs; nothing is ever assigned twice."""

from functools import reduce

import numpy as np


def classify(w, b):
    return lambda x: int(np.inner(x, w) > -b)


def predict(X, w, b):
    return np.apply_along_axis(classify(w, b), 1, X)


def update(w, b, x, y, lr):
    delta = lr * (int(y) - classify(w, b)(x))
    return w + delta * x, b + delta


def epoch(state, samples, lr):
    def look(seen, sample):
        w, b, wrong = seen
        return (*update(w, b, *sample, lr), wrong + int(classify(w, b)(sample[0]) != sample[1]))

    return reduce(look, samples, (*state, 0))


def fit(X, y, lr=1.0, max_epochs=100):
    samples = list(zip(X, y))

    def go(w, b, mistakes):
        if len(mistakes) == max_epochs or (mistakes and mistakes[-1] == 0):
            return w, b, mistakes
        w_new, b_new, wrong = epoch((w, b), samples, lr)
        return go(w_new, b_new, [*mistakes, wrong])

    return go(np.zeros(X.shape[1]), np.float64(0), [])
