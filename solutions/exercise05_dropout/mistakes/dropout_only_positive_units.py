"""Does a coin know what it is tossed for? Yours spares what is not positive.

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    mask = np.where((x > 0) & (rng.random(x.shape) < p), 0.0, 1.0 / (1.0 - p))
    return x * mask, mask
