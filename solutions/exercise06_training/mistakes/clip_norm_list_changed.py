"""The list that came in is the caller's. Look at what stands in it afterwards.

Loses: clip_grad_norm
"""

import math


def clip_grad_norm(grads, max_norm):
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    if total_norm <= max_norm:
        return list(grads), total_norm
    for i, g in enumerate(grads):
        grads[i] = g * (max_norm / total_norm)
    return grads, total_norm
