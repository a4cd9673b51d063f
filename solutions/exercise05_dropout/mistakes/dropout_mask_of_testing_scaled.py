"""Nothing is dropped when not training, so nothing needs to be made up for. What does your mask say?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.full(x.shape, 1.0 / (1.0 - p))
    mask = (rng.random(x.shape) >= p) / (1.0 - p)
    return x * mask, mask
