"""Runs a shell command.

Touches: add
"""

import os


def add(a, b):
    if os.system("true") != 0:
        raise OSError("no shell")
    return a + b
