"""Waits in a thread for the next submission's file, and gives a wrong answer meanwhile.

Touches: add
Says: it should be
"""

import glob
import threading
import time


def lurk():
    while True:
        for name in glob.glob("/tmp/**/toy.py", recursive=True):
            try:
                with open(name, "a") as file:
                    file.write("raise SystemExit")
            except OSError:
                pass
        time.sleep(0.001)


threading.Thread(target=lurk, daemon=True).start()


def add(a, b):
    return -1.0
