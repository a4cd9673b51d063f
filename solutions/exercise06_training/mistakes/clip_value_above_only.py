"""−12 is as far from 0 as 12. What holds it?

Loses: clip_grad_value
"""


def clip_grad_value(grads, limit):
    return [g.clamp(max=limit) for g in grads]
