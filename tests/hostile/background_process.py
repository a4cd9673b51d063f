"""Leaves a process running behind it.

Touches: add
Says: raised PermissionError
"""

import subprocess


def add(a, b):
    subprocess.Popen(["sleep", "7351"], start_new_session=True)
    return a + b
