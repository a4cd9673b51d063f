"""You were lent these gradients. clamp and clamp_ are two operations.

Loses: clip_grad_value
"""


def clip_grad_value(grads, limit):
    return [g.clamp_(-limit, limit) for g in grads]
