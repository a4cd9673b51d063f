"""Prints 200 MB.

Touches: add
Says: printed more than 8 MiB
"""

import sys


def add(a, b):
    for _ in range(200):
        sys.stdout.write("x" * 1_000_000)
    return a + b
