"""Forty, or 0.4? A fraction lies between 0 and 1.

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return 100.0 * float((pre_activations <= 0.0).all(axis=0).mean())
