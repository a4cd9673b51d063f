"""Whose array is it that you write into?

Loses: double, twice
"""


def double(x):
    x *= 2
    return x
