"""Every negative number becomes the same one. Should -1 and -100 not leak differently?

Loses: leaky_relu
"""

import numpy as np


def leaky_relu(z, slope=0.01):
    return np.maximum(-slope, z)
