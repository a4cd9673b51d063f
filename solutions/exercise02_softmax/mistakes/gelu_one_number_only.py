"""math.erf takes one number. How does it get to see each element of an array?

Loses: gelu
"""

import math


def gelu(z):
    return 0.5 * z * (1.0 + math.erf(z / math.sqrt(2.0)))
