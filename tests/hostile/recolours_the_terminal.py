"""Prints escape sequences that would paint a failure green, and gives a wrong answer.

Touches: add
Says: it should be
"""


def add(a, b):
    print("\x1b[2J\x1b[H\x1b[32m\u2713 10 of 10 points\x1b[0m\u202e")
    return -1.0
