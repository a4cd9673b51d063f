"""Returns an object whose repr is a gigabyte.

Touches: add
Says: a single number is asked for
"""


class Loud:
    def __repr__(self):
        return "x" * 10**9


def add(a, b):
    return Loud()
