"""Returns the right values in a shape that would broadcast.

Touches: double, twice
Says: has shape
"""


def double(x):
    return (2 * x)[None]
