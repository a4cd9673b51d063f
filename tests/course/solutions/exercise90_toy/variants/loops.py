"""Plain loops, closures, tuples; nothing is vectorised."""

import math
from types import SimpleNamespace

import numpy as np


def double(x):
    out = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        out[index] = x[index] + x[index]
    return out


def add(a, b):
    return np.float64(a) + b


def total(f, n):
    result = 0.0
    while n > 0:
        n -= 1
        result = result + f(n)
    return result


def make_counter(start):
    count = [start]

    def increment():
        count[0] += 1
        return np.int64(count[0])

    return SimpleNamespace(increment=increment)


def split(x):
    return [x * 0.5, lambda: x + 0.0]


def join(cache):
    return cache()


def draw_normal(n, rng):
    # Box and Muller's way from uniform numbers to normal ones.
    radius = np.sqrt(-2 * np.log1p(-rng.random(n)))
    return radius * np.cos(2 * np.pi * rng.random(n))


def by_hand_tanh(z):
    return np.array([1 - 2 / (math.exp(2 * v) + 1) for v in z.ravel().tolist()]).reshape(z.shape)


def quadruple(x):
    return 4.0 * x
