"""Allocates 30 GB in pieces.

Touches: add
Says: raised MemoryError|too much memory|did not finish
"""


def add(a, b):
    kept = []
    while len(kept) < 3000:
        kept.append(bytearray(10_000_000))
    return a + b
