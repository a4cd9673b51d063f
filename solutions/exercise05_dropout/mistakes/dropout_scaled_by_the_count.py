"""You scale by how many survived this time. The scale is 1 / (1 − p), whoever survives.

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    kept = rng.random(x.shape) >= p
    mask = kept * (kept.size / max(np.sum(kept), 1))
    return x * mask, mask
