"""Never comes back from C, where no signal handler of Python runs.

Touches: add
Says: did not finish in 1 s
"""

import re


def add(a, b):
    return re.match("(a+)+$", "a" * 64 + "b")
