"""These are numbers from before ReLU. Which of them does it make 0?

Loses: dead_relu_fraction
"""


def dead_relu_fraction(pre_activations):
    return float((pre_activations == 0.0).all(axis=0).mean())
