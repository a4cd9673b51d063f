"""Lambdas and generators."""

import itertools

import numpy as np

double = lambda x: np.add(x, x)
add = lambda a, b: sum((a, b))
total = lambda f, n: sum(map(f, range(n)))


class make_counter:
    def __init__(self, start):
        self._numbers = itertools.count(start + 1)

    def increment(self):
        return next(self._numbers)


split = lambda x: (x / 2, x / 2)
join = lambda half: half * 2
draw_normal = lambda n, rng: rng.normal(0.0, 1.0, size=n)
by_hand_tanh = lambda z: np.sinh(z) / np.cosh(z)
quadruple = lambda x: np.einsum("...->...", x * 4)
