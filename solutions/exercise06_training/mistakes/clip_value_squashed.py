"""tanh bends every gradient a little. Which ones should not change at all?

Loses: clip_grad_value
"""


def clip_grad_value(grads, limit):
    return [limit * (g / limit).tanh() for g in grads]
