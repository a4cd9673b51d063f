"""Under the limit is under the limit. Yours shrinks gradients that were allowed.

Loses: clip_grad_norm
"""

import math


def clip_grad_norm(grads, max_norm):
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    if total_norm <= 0.95 * max_norm:
        return list(grads), total_norm
    return [g * (max_norm / total_norm) for g in grads], total_norm
