"""Dead units of all units: what do you divide by?

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return float((pre_activations <= 0.0).all(axis=0).sum() / len(pre_activations))
