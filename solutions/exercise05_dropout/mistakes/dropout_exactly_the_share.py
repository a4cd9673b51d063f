"""Of ten units exactly three are dropped, always. Do coins do that?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    count = round(p * x.size)
    mask = np.full(x.size, 1.0 / (1.0 - p))
    mask[rng.permutation(x.size)[:count]] = 0.0
    mask = mask.reshape(x.shape)
    return x * mask, mask
