"""A unit at exactly 0 says nothing either. Is it < or ≤?

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return float((pre_activations < 0.0).all(axis=0).mean())
