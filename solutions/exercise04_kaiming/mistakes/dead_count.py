"""How many, or what part? A fraction lies between 0 and 1.

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return float((pre_activations <= 0.0).all(axis=0).sum())
