"""Two things are asked for: the clipped gradients, and how long they were.

Loses: clip_grad_norm, train_loop, train_clipping, train_annealing, train_stopping, train_modes, train_whole
"""

import math


def clip_grad_norm(grads, max_norm):
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    if total_norm <= max_norm:
        return list(grads)
    return [g * (max_norm / total_norm) for g in grads]
