"""You toss a coin for each row and one for each column. Two elements of a row then share one.

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    keep = (1.0 - p) ** 0.5 if x.ndim > 1 else 1.0 - p
    mask = np.ones_like(x)
    for axis in {0, x.ndim - 1} if x.ndim else ():
        shape = [1] * x.ndim
        shape[axis] = x.shape[axis]
        mask = mask * (rng.random(shape) < keep)
    if not x.ndim:
        mask = (rng.random(x.shape) < keep) * mask
    mask = mask / (1.0 - p)
    return x * mask, mask
