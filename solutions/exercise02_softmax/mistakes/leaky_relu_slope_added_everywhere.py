"""Try z = 100: it should come through exactly as it is, and a little is added to it.

Loses: leaky_relu
"""

import numpy as np


def leaky_relu(z, slope=0.01):
    return np.maximum(0.0, z) + slope * z
