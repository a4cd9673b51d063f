"""Silent for most samples is not silent for every one.

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return float(((pre_activations <= 0.0).mean(axis=0) > 0.5).mean())
