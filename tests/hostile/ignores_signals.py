"""Ignores every signal that can be ignored and sleeps.

Touches: add
Says: did not finish in 1 s
"""

import signal
import time


def add(a, b):
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    time.sleep(1000)
