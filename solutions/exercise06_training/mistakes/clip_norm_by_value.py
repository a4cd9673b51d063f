"""You changed the direction, not only the length.

Loses: clip_grad_norm, train_clipping, train_whole
"""

import math


def clip_grad_norm(grads, max_norm):
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    return [g.clamp(-max_norm, max_norm) for g in grads], total_norm
