"""It works for arrays. What happens to a plain number?

Loses: sgd_step
"""


def sgd_step(param, grad, lr):
    new = param.copy()
    new -= lr * grad
    return new
