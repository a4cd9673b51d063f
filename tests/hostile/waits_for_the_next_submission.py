"""Forks twice and waits for the next submission, to spoil it.

Touches: add
Says: raised PermissionError
"""

import os
import time


def add(a, b):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                time.sleep(7351)
        os._exit(0)
    return a + b
