"""Starts threads until no more can be started.

Touches: add
Says: raised|did not finish
"""

import threading
import time


def add(a, b):
    while True:
        threading.Thread(target=time.sleep, args=(7351,), daemon=True).start()
