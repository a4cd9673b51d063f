"""Starts a hundred processes.

Touches: add
Says: raised PermissionError
"""

import os
import time


def add(a, b):
    for _ in range(100):
        if os.fork() == 0:
            time.sleep(7351)
    return a + b
