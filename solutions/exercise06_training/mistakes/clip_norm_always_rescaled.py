"""Clipping is a ceiling, not a target. What becomes of a short gradient?

Loses: clip_grad_norm, train_loop, train_clipping, train_whole
"""

import math


def clip_grad_norm(grads, max_norm):
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    if total_norm == 0.0:
        return list(grads), total_norm
    return [g * (max_norm / total_norm) for g in grads], total_norm
