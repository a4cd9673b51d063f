"""Opens the memory of the process above it.

Touches: add
Says: raised
"""

import os


def add(a, b):
    with open(f"/proc/{os.getppid()}/mem", "rb") as memory:
        memory.seek(4096)
        return len(memory.read(10))
