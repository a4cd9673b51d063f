"""Samples vanish as a whole with you. It is their units that toss coins.

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape[:1] + (1,) * (x.ndim - 1)) >= p) / (1.0 - p) * np.ones_like(x)
    return x * mask, mask
