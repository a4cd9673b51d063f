"""Opens a socket without a file, through which it could meet its friends.

Touches: add
Says: raised PermissionError
"""

import socket


def add(a, b):
    server = socket.socket(socket.AF_UNIX)
    server.bind("\0dlgrade7351")
    server.listen()
    return a + b
