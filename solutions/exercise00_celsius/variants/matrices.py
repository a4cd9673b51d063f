"""The bias as one more weight: a design matrix, one vector of parameters, arrays without axes as numbers."""

import numpy as np


def design(celsius):
    return np.column_stack([celsius, np.ones_like(celsius)])


def predict(celsius, w, b):
    return design(celsius) @ np.array([w, b])


def mse(pred, target):
    off = pred - target
    return np.asarray(off @ off / off.size)


def gradients(celsius, fahrenheit, w, b):
    A = design(celsius)
    return 2 / len(A) * A.T @ (A @ [w, b] - fahrenheit)


def fit(celsius, fahrenheit, lr, epochs):
    theta, losses = np.zeros(2), np.empty(epochs)
    for k in range(epochs):
        losses[k] = mse(predict(celsius, *theta), fahrenheit)
        theta = theta - lr * gradients(celsius, fahrenheit, *theta)
    return theta[0], theta[1], losses
