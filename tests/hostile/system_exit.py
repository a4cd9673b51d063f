"""Asks the interpreter to exit with status 0.

Touches: add
Says: raised SystemExit
"""

import sys


def add(a, b):
    sys.exit(0)
