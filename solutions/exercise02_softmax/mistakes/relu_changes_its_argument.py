"""The answer is right, but look at z afterwards: you were lent it, and it was changed.

Loses: relu
"""


def relu(z):
    z[z < 0] = 0.0
    return z
