"""One vector, many pieces: do the pieces keep their proportions?

Loses: clip_grad_norm, train_clipping, train_whole
"""

import math


def clip_grad_norm(grads, max_norm):
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    return [g * min(1.0, max_norm / max(float(g.norm()), 1e-12)) for g in grads], total_norm
