"""With three axes you drop whole slices. That is another dropout, for images; here every element is drawn.

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    coins = rng.random(x.shape if x.ndim < 3 else (*x.shape[:2], *(1,) * (x.ndim - 2)))
    mask = (coins >= p) / (1.0 - p) * np.ones_like(x)
    return x * mask, mask
