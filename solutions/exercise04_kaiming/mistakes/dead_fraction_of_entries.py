"""You count silent entries. A unit is dead only if all of its entries are silent.

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return float((pre_activations <= 0.0).mean())
