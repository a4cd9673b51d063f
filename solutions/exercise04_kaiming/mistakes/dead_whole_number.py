"""Two of five is not 0. What does // do?

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return (pre_activations <= 0.0).all(axis=0).sum() // pre_activations.shape[1]
