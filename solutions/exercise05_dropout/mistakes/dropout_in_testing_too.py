"""Same input, different outputs. Who tells your function that class is over?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    mask = (rng.random(x.shape) >= p) / (1.0 - p)
    return x * mask, mask
