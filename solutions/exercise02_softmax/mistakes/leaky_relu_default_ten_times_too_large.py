"""Right for every slope that is given. Which slope does it use when none is?

Loses: leaky_relu
"""

import numpy as np


def leaky_relu(z, slope=0.1):
    return np.where(z > 0, z, slope * z)
