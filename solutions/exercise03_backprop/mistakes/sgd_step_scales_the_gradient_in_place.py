"""Look at the gradient after your step: it was only lent to you.

Loses: sgd_step
"""


def sgd_step(param, grad, lr):
    grad *= lr
    return param - grad
