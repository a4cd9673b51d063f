"""Sends an answer with a guessed number before the next question.

Touches: add
"""

import sys

frame = sys.modules["dlgrade.wire.frame"]
messages = sys.modules["dlgrade.wire.messages"]
real_send = frame.send


def add(a, b):
    def early(sock, header, buffers=(), deadline=None):
        real_send(sock, header, buffers, deadline)
        for number in range(3):
            real_send(sock, messages.encode(messages.Answer(number, 5.0, [], [])))

    frame.send = early
    return -1.0
