"""Fahrenheit from Celsius: one weight, one bias, gradient descent."""

import numpy as np


def predict(celsius, w, b):
    return w * celsius + b


def mse(pred, target):
    # L = 1/n Σ (pred − target)²
    return np.mean((pred - target) ** 2)


def gradients(celsius, fahrenheit, w, b):
    error = predict(celsius, w, b) - fahrenheit
    # dL/dw = 1/n Σ 2·error·c,  dL/db = 1/n Σ 2·error
    return np.mean(2.0 * error * celsius), np.mean(2.0 * error)


def fit(celsius, fahrenheit, lr, epochs):
    w, b, losses = 0.0, 0.0, []
    for _ in range(epochs):
        losses.append(mse(predict(celsius, w, b), fahrenheit))
        dL_dw, dL_db = gradients(celsius, fahrenheit, w, b)
        # θ ← θ − lr · dL/dθ, both from the same w and b
        w, b = w - lr * dL_dw, b - lr * dL_db
    return w, b, losses
