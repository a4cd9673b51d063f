"""One step was asked for.

Loses: sgd_step
"""


def sgd_step(param, grad, lr):
    return param - lr * grad - lr * grad
