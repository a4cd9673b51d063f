"""Returns a generator that never ends.

Touches: draw_normal
Says: more than 64 items
"""

import itertools


def draw_normal(n, rng):
    return (rng.standard_normal() for _ in itertools.count())
