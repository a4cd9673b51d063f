"""Only the elements beyond the limit change. Yours shrinks its neighbours too.

Loses: clip_grad_value
"""


def clip_grad_value(grads, limit):
    return [g * min(1.0, limit / max(float(g.abs().max()), 1e-12)) for g in grads]
