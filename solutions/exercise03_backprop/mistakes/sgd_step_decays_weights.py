"""With a gradient of 0 your parameter still moves. What pulls at it?

Loses: sgd_step
"""


def sgd_step(param, grad, lr):
    return param - lr * (grad + 0.01 * param)
