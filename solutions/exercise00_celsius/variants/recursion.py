# %% [markdown]
# A notebook's way: cells, norms, and a generator that takes the steps.

# %%
import itertools
import math

import numpy as np
from numpy.linalg import norm


# %%
def predict(celsius, w, b):
    return np.add(b, np.multiply(celsius, w))


def mse(pred, target):
    return norm(np.subtract(target, pred)) ** 2 / np.size(target)


def gradients(celsius, fahrenheit, w, b):
    residuals = fahrenheit - predict(celsius, w, b)
    return -2 * math.fsum(residuals * celsius) / residuals.size, -2 * math.fsum(residuals) / residuals.size


# %%
def steps(celsius, fahrenheit, lr, w, b):
    yield w, b
    dw, db = gradients(celsius, fahrenheit, w, b)
    yield from steps(celsius, fahrenheit, lr, w + dw * -lr, b + db * -lr)


def walk(celsius, fahrenheit, lr):
    w, b = np.float64(0), np.float64(0)
    while True:
        yield w, b, mse(predict(celsius, w, b), fahrenheit)
        there = steps(celsius, fahrenheit, lr, w, b)
        next(there)
        w, b = next(there)


def fit(celsius, fahrenheit, lr, epochs):
    path = list(itertools.islice(walk(celsius, fahrenheit, lr), epochs + 1))
    w, b, _ = path.pop()
    print(f"w = {w:.3f}, b = {b:.3f}")
    return w, b, [loss for *_, loss in path]
