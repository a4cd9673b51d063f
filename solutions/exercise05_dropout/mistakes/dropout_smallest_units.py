"""The quiet ones always go first with you. What does chance decide here?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    mask = (np.abs(x) * rng.random(x.shape) > np.quantile(np.abs(x) * rng.random(x.shape), p)) / (1.0 - p)
    return x * mask, mask
