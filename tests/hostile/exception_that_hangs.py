"""Raises an exception whose text takes for ever.

Touches: add
Says: did not finish in 1 s
"""


class Slow(Exception):
    def __str__(self):
        while True:
            pass


def add(a, b):
    raise Slow
