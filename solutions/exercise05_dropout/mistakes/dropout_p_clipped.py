"""A p of 1.5 is somebody's mistake. Who hears of it when you quietly mend it?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    p = min(max(p, 0.0), 0.999)
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / (1.0 - p)
    return x * mask, mask
