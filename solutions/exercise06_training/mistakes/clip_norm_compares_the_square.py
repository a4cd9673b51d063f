"""You compare a squared length with a length. For which gradients does that make a difference?

Loses: clip_grad_norm, train_clipping, train_whole
"""

import math


def clip_grad_norm(grads, max_norm):
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    if total_norm**2 <= max_norm:
        return list(grads), total_norm
    return [g * (max_norm / total_norm) for g in grads], total_norm
