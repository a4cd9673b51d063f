"""Returns a list of ten million numbers where 4,000 are asked for.

Touches: draw_normal
"""


def draw_normal(n, rng):
    return [0.0] * 10_000_000
