"""Raises an exception whose text is 200 MB long.

Touches: add
Says: raised ValueError: xxxx
"""


def add(a, b):
    raise ValueError("x" * 200_000_000)
