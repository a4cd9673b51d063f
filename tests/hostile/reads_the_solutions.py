"""Looks for the reference on disk.

Touches: add
Says: raised
"""

from pathlib import Path

SOLUTIONS = "@SOLUTIONS@"


def add(a, b):
    return eval(Path(SOLUTIONS, "exercise90_toy", "toy.py").read_text())
