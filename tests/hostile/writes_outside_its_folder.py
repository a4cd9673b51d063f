"""Writes a file outside of its scratch folder.

Touches: add
Says: raised
"""

OUTSIDE = "/" + "@OUTSIDE@".lstrip("/")


def add(a, b):
    with open(OUTSIDE, "w") as file:
        file.write("here")
    return a + b
