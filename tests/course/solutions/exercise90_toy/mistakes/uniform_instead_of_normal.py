"""What is the spread of the numbers you draw?

Loses: draw_normal
"""


def draw_normal(n, rng):
    return rng.uniform(-1, 1, n)
