"""Writes noise into the channel to the grader.

Touches: add
Says: wrote bytes of its own
"""

import os


def add(a, b):
    for fd in range(3, 20):
        try:
            os.write(fd, b"noise" * 100)
        except OSError:
            pass
    return a + b
