"""Both books exist; ours says that p drops. Count your zeros at p = 0.2.

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    mask = (rng.random(x.shape) < p) / max(p, 1e-12)
    return x * mask, mask
