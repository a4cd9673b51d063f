"""A wobble is not a drop. Which two values may the mask hold?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    mask = 1.0 + rng.normal(0.0, (p / (1.0 - p)) ** 0.5, x.shape)
    return x * mask, mask
