"""Lists the folder in which the suites lie.

Touches: add
Says: raised
"""

import os

SOLUTIONS = "@SOLUTIONS@"


def add(a, b):
    return len(os.listdir(SOLUTIONS))
