"""Leaves a thread running that would exit the process later.

Touches: add
"""

import os
import threading
import time


def later():
    time.sleep(0.05)
    os._exit(0)


def add(a, b):
    threading.Thread(target=later, daemon=True).start()
    return -1.0
