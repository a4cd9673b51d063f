"""A loss is one number. What do you do with the n squares?

Loses: mse, fit
"""


def mse(pred, target):
    return (pred - target) ** 2
