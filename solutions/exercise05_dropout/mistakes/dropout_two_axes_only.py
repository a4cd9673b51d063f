"""A single number and a batch of images have a shape too. What does yours do with them?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    n, d = x.shape
    mask = (rng.random((n, d)) >= p) / (1.0 - p)
    return x * mask, mask
