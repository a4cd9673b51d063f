"""Your mask is 1 where something was dropped. What is it to be multiplied with?

Loses: dropout_forward
"""


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    dropped = rng.random(x.shape) < p
    return x * ~dropped / (1.0 - p), dropped / (1.0 - p)
