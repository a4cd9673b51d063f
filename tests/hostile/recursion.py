"""Calls itself for ever.

Touches: add
Says: raised RecursionError
"""


def add(a, b):
    return add(a, b)
