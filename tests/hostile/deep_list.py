"""Returns a list nested a hundred thousand deep.

Touches: draw_normal
"""


def draw_normal(n, rng):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep
