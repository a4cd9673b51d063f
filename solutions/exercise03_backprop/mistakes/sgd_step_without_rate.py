"""That is the direction; how far do we go?

Loses: sgd_step
"""


def sgd_step(param, grad, lr):
    return param - grad
