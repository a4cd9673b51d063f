"""Takes one argument where two are handed in.

Touches: add
Says: cannot be called as the exercise says
"""


def add(a):
    return a
