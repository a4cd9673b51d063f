"""Returns a list that contains itself.

Touches: draw_normal
Says: numbers; there should be 4000
"""


def draw_normal(n, rng):
    forever = []
    forever.append(forever)
    return forever
