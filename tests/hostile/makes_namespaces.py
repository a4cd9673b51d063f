"""Asks for a user namespace of its own, in which it would be root.

Touches: add
Says: raised PermissionError
"""

import ctypes
import os


def add(a, b):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000) == -1:
        raise PermissionError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return a + b
