"""Plain Python numbers and loops; arrays only where they go in and come out."""

import numpy as np


def predict(celsius, w, b):
    out = np.zeros(len(celsius))
    for i, c in enumerate(celsius):
        out[i] = w * c + b
    return out


def mse(pred, target):
    total = 0
    for p, t in zip(pred.tolist(), target.tolist(), strict=True):
        total += (t - p) * (t - p)
    return total / len(pred)


def gradients(celsius, fahrenheit, w, b):
    dw = db = 0.0
    n = celsius.shape[0]
    for c, f in zip(celsius, fahrenheit, strict=True):
        off = w * c + b - f
        dw += 2 * off * c / n
        db += 2 * off / n
    return [float(dw), float(db)]


def fit(celsius, fahrenheit, lr, epochs):
    w = b = 0.0
    losses = []
    epoch = 0
    while epoch < epochs:
        losses += [mse(predict(celsius, w, b), fahrenheit)]
        dw, db = gradients(celsius, fahrenheit, w, b)
        w -= lr * dw
        b -= lr * db
        epoch += 1
    return [w, b, tuple(losses)]


if __name__ == "__main__":
    print(fit(np.array([-1.0, 0.0, 2.0]), np.array([30.2, 32.0, 35.6]), 0.25, 100)[:2])
