"""5 and 12 are two sides of a right angle. How long is the diagonal?

Loses: clip_grad_norm, train_clipping, train_whole
"""


def clip_grad_norm(grads, max_norm):
    total_norm = sum(float(g.norm()) for g in grads)
    if total_norm <= max_norm:
        return list(grads), total_norm
    return [g * (max_norm / total_norm) for g in grads], total_norm
