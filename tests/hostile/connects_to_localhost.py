"""Connects to a server on this machine.

Touches: add
Says: raised
"""

import socket


def add(a, b):
    with socket.create_connection(('127.0.0.1', @PORT@), timeout=1):
        return a + b
