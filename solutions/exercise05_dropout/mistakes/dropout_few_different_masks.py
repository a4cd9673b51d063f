"""Draw a hundred masks: how many different ones are there? Look at what your seed is drawn from.

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    rng = np.random.default_rng(rng.integers(10))
    mask = (rng.random(x.shape) >= p) / (1.0 - p)
    return x * mask, mask
