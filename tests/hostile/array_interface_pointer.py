"""Returns an object whose __array_interface__ points into memory.

Touches: double, twice
Says: an array is asked for
"""


class Pointer:
    __array_interface__ = {"data": (4096, True), "shape": (3, 5), "typestr": "<f8", "version": 3}


def double(x):
    return Pointer()
