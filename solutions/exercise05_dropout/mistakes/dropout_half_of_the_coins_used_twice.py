"""The second half of your batch repeats the first. Each element has a coin of its own.

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    coins = rng.random(x.shape)
    half = coins.shape[0] // 2 if coins.ndim else 0
    if half:
        coins[half : 2 * half] = coins[:half]
    mask = (coins >= p) / (1.0 - p)
    return x * mask, mask
