"""A norm is a root of a sum, not of a mean. Does a longer vector of ones have the same length?

Loses: clip_grad_norm, train_clipping, train_whole
"""

import math


def clip_grad_norm(grads, max_norm):
    total_norm = math.sqrt(sum(float((g * g).mean()) for g in grads))
    if total_norm <= max_norm:
        return list(grads), total_norm
    return [g * (max_norm / total_norm) for g in grads], total_norm
