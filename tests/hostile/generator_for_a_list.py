"""Returns a generator where a list is asked for.

Touches: draw_normal
Says: is a generator, a list is asked for
"""


def draw_normal(n, rng):
    return (rng.standard_normal() for _ in range(60))
