"""Announces a message of 2^60 bytes on the channel.

Touches: add
Says: wrote bytes of its own
"""

import os
import struct


def add(a, b):
    for fd in range(3, 20):
        try:
            os.write(fd, struct.pack("!4sIQ", b"dlg1", 100, 2**60))
        except OSError:
            pass
    return a + b
