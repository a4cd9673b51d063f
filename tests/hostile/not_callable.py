"""Has a number where a function is asked for.

Touches: add
Says: `add` is not a function
"""

add = 5
