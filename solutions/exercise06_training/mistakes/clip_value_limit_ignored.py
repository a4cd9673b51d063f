"""Somebody asked for another limit than 1.

Loses: clip_grad_value
"""


def clip_grad_value(grads, limit):
    return [g.clamp(-1.0, 1.0) for g in grads]
