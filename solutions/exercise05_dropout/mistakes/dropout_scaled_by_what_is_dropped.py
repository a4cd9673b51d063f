"""Survivors are divided by p, so with p = 0.2 they grow to five times their size. Which share is left, and what makes up for the rest?

Loses: dropout_forward
"""

def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / p
    return x * mask, mask
