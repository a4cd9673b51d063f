"""All your samples lose the same units. Each unit of each sample tosses its own coin.

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    row = (rng.random(x.shape[-1:]) >= p) / (1.0 - p)
    mask = np.broadcast_to(row, x.shape).copy()
    return x * mask, mask
