"""You were lent these gradients. Look at them after your function has run.

Loses: clip_grad_norm
"""

import math


def clip_grad_norm(grads, max_norm):
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    if total_norm <= max_norm:
        return list(grads), total_norm
    for g in grads:
        g.mul_(max_norm / total_norm)
    return list(grads), total_norm
