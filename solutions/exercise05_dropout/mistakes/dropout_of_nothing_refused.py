"""p = 0 is a fine probability: nothing is dropped. Which end of [0, 1) is open?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 < p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / (1.0 - p)
    return x * mask, mask
