"""Where have the negative gradients gone?

Loses: clip_grad_value
"""


def clip_grad_value(grads, limit):
    return [g.abs().clamp(max=limit) for g in grads]
