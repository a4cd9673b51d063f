"""Returns infinity.

Touches: add
Says: is inf, it should be
"""


def add(a, b):
    return float("inf")
