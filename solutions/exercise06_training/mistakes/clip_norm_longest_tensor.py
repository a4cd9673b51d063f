"""The longest piece is not the whole. All of them together are one vector.

Loses: clip_grad_norm, train_clipping, train_whole
"""


def clip_grad_norm(grads, max_norm):
    total_norm = max(float(g.norm()) for g in grads)
    if total_norm <= max_norm:
        return list(grads), total_norm
    return [g * (max_norm / total_norm) for g in grads], total_norm
