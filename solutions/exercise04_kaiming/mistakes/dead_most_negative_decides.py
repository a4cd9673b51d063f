"""The smallest value of a unit tells nothing of its largest.

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return float((pre_activations.min(axis=0) <= 0.0).mean())
