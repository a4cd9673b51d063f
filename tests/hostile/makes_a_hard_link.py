"""Links a file of another into its folder.

Touches: add
Says: raised
"""

import os

SOLUTIONS = "@SOLUTIONS@"


def add(a, b):
    os.link(SOLUTIONS + "/exercise90_toy/toy.py", "toy.py")
    return a + b
