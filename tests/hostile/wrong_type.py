"""Returns a string where an array is asked for.

Touches: double, twice
Says: an array is asked for
"""


def double(x):
    return "twice x"
