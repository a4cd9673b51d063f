"""Which axis are the samples on, and which the units?

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return float((pre_activations <= 0.0).all(axis=1).mean())
