"""A gradient without axes is a gradient as well. Who counts its share?

Loses: clip_grad_norm
"""

import math


def clip_grad_norm(grads, max_norm):
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads if g.dim() > 0))
    if total_norm <= max_norm:
        return list(grads), total_norm
    return [g * (max_norm / total_norm) for g in grads], total_norm
