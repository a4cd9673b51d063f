"""Your step is right for one learning rate. What is `lr` for?

Loses: sgd_step
"""


def sgd_step(param, grad, lr):
    return param - 0.1 * grad
