"""Sends its answer a second time.

Touches: add
Says: sent an answer before it was asked|wrote bytes of its own
"""

import sys

frame = sys.modules["dlgrade.wire.frame"]
real_send = frame.send


def add(a, b):
    def twice(sock, header, buffers=(), deadline=None):
        real_send(sock, header, buffers, deadline)
        real_send(sock, header, buffers, deadline)

    frame.send = twice
    return a + b
