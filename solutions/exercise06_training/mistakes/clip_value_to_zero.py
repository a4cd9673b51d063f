"""Too large is held at the limit, not thrown away.

Loses: clip_grad_value
"""


def clip_grad_value(grads, limit):
    return [g * (g.abs() <= limit) for g in grads]
