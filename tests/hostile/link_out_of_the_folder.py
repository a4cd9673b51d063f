"""Makes a symbolic link out of its folder and reads the reference through it.

Touches: add
Says: raised
"""

import os

SOLUTIONS = "@SOLUTIONS@"


def add(a, b):
    os.symlink(SOLUTIONS, "answers")
    with open("answers/exercise90_toy/toy.py") as file:
        exec(file.read(), globals())
    return a + b
