"""The new array is right, but what became of the old one? `-=` writes into what you were lent.

Loses: sgd_step
"""


def sgd_step(param, grad, lr):
    param -= lr * grad
    return param
