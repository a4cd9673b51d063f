"""One silent sample does not make a unit dead. Any, or all?

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return float((pre_activations <= 0.0).any(axis=0).mean())
