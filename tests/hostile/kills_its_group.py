"""Sends SIGKILL to its whole process group.

Touches: add
Says: raised PermissionError|ended its process|killed
"""

import os
import signal


def add(a, b):
    os.killpg(0, signal.SIGKILL)
    return a + b
