"""A unit with many low values and one high one speaks. Does its mean tell you that?

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return float((pre_activations.mean(axis=0) <= 0.0).mean())
