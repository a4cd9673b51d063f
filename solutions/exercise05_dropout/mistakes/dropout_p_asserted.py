"""A bad argument is to raise a ValueError. Which exception does assert raise, and what does it do under python -O?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    assert 0.0 <= p < 1.0, f"p must be in [0, 1), it is {p}"
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) >= p) / (1.0 - p)
    return x * mask, mask
