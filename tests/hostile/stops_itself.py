"""Stops its own process, as Ctrl-Z would.

Touches: add
Says: did not finish in 1 s
"""

import os
import signal


def add(a, b):
    os.kill(os.getpid(), signal.SIGSTOP)
    return a + b
