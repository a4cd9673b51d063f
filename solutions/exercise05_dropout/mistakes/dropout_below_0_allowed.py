"""What is a probability of −0.1?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if p >= 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / (1.0 - p)
    return x * mask, mask
