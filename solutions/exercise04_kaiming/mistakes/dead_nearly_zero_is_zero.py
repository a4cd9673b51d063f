"""However little a unit says, it is alive. Who asked for a tolerance?

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return float((pre_activations <= 1e-6).all(axis=0).mean())
