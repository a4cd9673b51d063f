"""A unit without spread after ReLU may still say the same loud thing each time, or have been asked once.

Loses: dead_relu_fraction
"""

import numpy as np


def dead_relu_fraction(pre_activations):
    return float((np.maximum(pre_activations, 0.0).std(axis=0) == 0.0).mean())
