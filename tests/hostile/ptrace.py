"""Attaches to the process above it as a debugger.

Touches: add
Says: raised PermissionError
"""

import ctypes
import os


def add(a, b):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(16, os.getppid(), 0, 0) == -1:
        raise PermissionError(ctypes.get_errno(), "ptrace")
    return a + b
