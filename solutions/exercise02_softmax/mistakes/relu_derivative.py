"""That is the slope of ReLU, not its height. What is ReLU at 2.5?

Loses: relu, mlp_forward
"""


def relu(z):
    return (z > 0).astype(float)
