"""What is the factor for gradients that are all 0?

Loses: clip_grad_norm
"""

import math


def clip_grad_norm(grads, max_norm):
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    return [g * min(1.0, max_norm / total_norm) for g in grads], total_norm
