"""With one sample you look along the wrong axis. What shape does one row have?

Loses: dead_relu_fraction
"""

import numpy as np


def dead_relu_fraction(pre_activations):
    flat = np.squeeze(pre_activations)
    return float((flat <= 0.0).all(axis=0).mean())
