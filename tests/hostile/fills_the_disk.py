"""Writes files until the disk is full.

Touches: add
Says: raised OSError|wrote more than|did not finish
"""


def add(a, b):
    for number in range(1000):
        with open(f"{number}.bin", "wb") as file:
            file.write(bytes(10_000_000))
    return a + b
