"""You draw from a copy, so the generator does not move on: two layers get the same mask.

Loses: dropout_forward
"""

import copy


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    rng = copy.deepcopy(rng)
    mask = (rng.random(x.shape) >= p) / (1.0 - p)
    return x * mask, mask
