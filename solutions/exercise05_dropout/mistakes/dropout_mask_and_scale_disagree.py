"""Your mask keeps with p, your scale believes that it keeps with 1 − p. They must agree.

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) < p) / (1.0 - p)
    return x * mask, mask
