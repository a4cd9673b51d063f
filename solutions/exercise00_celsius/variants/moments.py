"""The samples enter as five means; what is left is arithmetic with two numbers."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Means:
    c: float
    f: float
    cc: float
    cf: float
    ff: float

    @classmethod
    def of(cls, celsius, fahrenheit):
        products = celsius, fahrenheit, celsius**2, celsius * fahrenheit, fahrenheit**2
        return cls(*(float(np.average(each)) for each in products))

    def loss(self, w, b):
        return w * w * self.cc + 2 * w * b * self.c + b * b - 2 * w * self.cf - 2 * b * self.f + self.ff

    def slopes(self, w, b):
        return 2 * (w * self.cc + b * self.c - self.cf), 2 * (w * self.c + b - self.f)


def predict(celsius, w, b):
    return np.polyval([w, b], celsius)


def mse(pred, target):
    return np.var(pred - target) + np.mean(pred - target) ** 2


def gradients(celsius, fahrenheit, w, b):
    return Means.of(celsius, fahrenheit).slopes(w, b)


def fit(celsius, fahrenheit, lr, epochs):
    means = Means.of(celsius, fahrenheit)
    path = [(0.0, 0.0)]
    for _ in range(epochs):
        (w, b), (dw, db) = path[-1], means.slopes(*path[-1])
        path.append((w - lr * dw, b - lr * db))
    losses = [mse(predict(celsius, *point), fahrenheit) for point in path[:-1]]
    return *path[-1], losses
