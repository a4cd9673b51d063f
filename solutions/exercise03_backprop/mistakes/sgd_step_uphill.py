"""You walked uphill. Which way does the gradient point?

Loses: sgd_step
"""


def sgd_step(param, grad, lr):
    return param + lr * grad
