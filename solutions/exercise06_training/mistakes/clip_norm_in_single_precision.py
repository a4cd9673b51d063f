"""Gradients in double precision come back rounded, short ones too. Who turned them into float32?

Loses: clip_grad_norm
"""

import torch


def clip_grad_norm(grads, max_norm):
    grads = [g.to(torch.float32) for g in grads]
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    if total_norm <= max_norm:
        return grads, total_norm
    return [g * (max_norm / total_norm) for g in grads], total_norm
