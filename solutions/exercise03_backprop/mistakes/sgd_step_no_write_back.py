"""You computed it; who stores it?

Loses: sgd_step
"""


def sgd_step(param, grad, lr):
    param - lr * grad
    return param
