"""A bad p is a bad p, whether the network is training or not. When do you look at it?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, np.ones_like(x)
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    mask = (rng.random(x.shape) >= p) / (1.0 - p)
    return x * mask, mask
