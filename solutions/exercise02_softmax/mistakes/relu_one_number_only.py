"""An `if` decides once. Your array has many elements, and each needs a decision of its own.

Loses: relu, mlp_forward
"""


def relu(z):
    if z > 0:
        return z
    return 0.0
