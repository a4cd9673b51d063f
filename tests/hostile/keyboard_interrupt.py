"""Raises KeyboardInterrupt.

Touches: add
Says: raised KeyboardInterrupt
"""


def add(a, b):
    raise KeyboardInterrupt
