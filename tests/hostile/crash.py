"""Reads a null pointer.

Touches: add
Says: segmentation fault
"""

import ctypes


def add(a, b):
    return ctypes.string_at(0)
