"""A smaller learning rate should move less. Does yours?

Loses: sgd_step
"""


def sgd_step(param, grad, lr):
    return param - grad / lr
