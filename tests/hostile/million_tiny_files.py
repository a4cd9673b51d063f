"""Writes a million empty files into its folder.

Touches: add
Says: wrote more than|did not finish|raised OSError
"""


def add(a, b):
    for number in range(1_000_000):
        with open(str(number), "w"):
            pass
    return a + b
