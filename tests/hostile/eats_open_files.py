"""Opens its own file until there are no descriptors left.

Touches: add
Says: raised OSError
"""


def add(a, b):
    kept = [open("x", "w")]
    while True:
        kept.append(open("x"))
