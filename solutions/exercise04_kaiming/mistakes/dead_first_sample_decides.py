"""You asked the first sample only. What about the others?

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return float((pre_activations[0] <= 0.0).mean())
