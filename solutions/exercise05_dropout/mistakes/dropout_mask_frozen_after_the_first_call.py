"""Two calls, the same zeros. When is your mask drawn?

Loses: dropout_forward
"""

MASKS = {}


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    key = x.shape, p
    if key not in MASKS:
        MASKS[key] = (rng.random(x.shape) >= p) / (1.0 - p)
    return x * MASKS[key], MASKS[key].copy()
