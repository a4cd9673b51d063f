"""One-liners: einsum and dot products, a closure for the forward pass, everything as NumPy scalars."""

from functools import partial

import numpy as np


def line(w, b):
    return lambda celsius: celsius * w + b


def predict(celsius, w, b):
    return line(w, b)(celsius)


def mse(pred, target):
    return np.einsum("i,i->", pred - target, pred - target) / len(target)


def gradients(celsius, fahrenheit, w, b):
    error = line(w, b)(celsius) - fahrenheit
    return np.array([np.dot(error, celsius), error.sum()]) * 2 / len(error)


def step(slopes, lr, point):
    return tuple(value - lr * slope for value, slope in zip(point, slopes(*point), strict=True))


def fit(celsius, fahrenheit, lr, epochs):
    move = partial(step, partial(gradients, celsius, fahrenheit), lr)
    point, losses = (0.0, 0.0), np.zeros(epochs)
    for losses_view in np.nditer(losses, op_flags=["writeonly"]):
        losses_view[...] = mse(predict(celsius, *point), fahrenheit)
        point = move(point)
    w, b = point
    return np.array(w), np.array(b), losses
