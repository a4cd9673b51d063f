"""Each element on its own: 3 and −4 with a limit of 1 both change, and not by the same factor.

Loses: clip_grad_value
"""


def clip_grad_value(grads, limit):
    return [g * min(1.0, limit / max(float(g.norm()), 1e-12)) for g in grads]
