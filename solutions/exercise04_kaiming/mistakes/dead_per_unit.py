"""You say for each unit whether it is dead. One number was asked for.

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return (pre_activations <= 0.0).all(axis=0)
