"""Sends half an answer, and then nothing.

Touches: add
Says: did not finish in 1 s|wrote bytes of its own
"""

import sys
import time

frame = sys.modules["dlgrade.wire.frame"]


def add(a, b):
    def half(sock, header, buffers=(), deadline=None):
        sock.send(b"dlg1\0\0")
        time.sleep(1000)

    frame.send = half
    return a + b
