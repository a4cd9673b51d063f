"""Opens a port, and hands out right answers to whoever comes later.

Touches: add
Says: raised PermissionError
"""

import socket


def add(a, b):
    server = socket.create_server(("127.0.0.1", 7351))
    server.listen()
    return a + b
