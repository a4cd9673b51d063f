"""p = 0.37 is not 0.4. Where do you round?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    mask = (rng.integers(0, 10, x.shape) >= round(10 * p)) / (1.0 - p)
    return x * mask, mask
