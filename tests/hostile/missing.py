"""Does not define the function.

Touches: add
Says: `add` is missing
"""

del add
