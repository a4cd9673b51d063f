"""Returns the right answer and spoils its argument.

Touches: double, twice
Says: changed its argument `x`
"""


def double(x):
    out = 2 * x
    x += 1.0
    return out
