"""Leaves a piece of System V shared memory, which outlives its process.

Touches: add
Says: raised PermissionError
"""

import ctypes
import os


def add(a, b):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.shmget(0x7351, 1 << 20, 0o1666) == -1:
        raise PermissionError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return a + b
