"""Aborts its process.

Touches: add
Says: aborted its process
"""

import os


def add(a, b):
    os.abort()
