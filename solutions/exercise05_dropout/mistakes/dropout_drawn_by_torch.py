"""You were handed a generator. torch draws from one of its own.

Loses: dropout_forward
"""

import torch


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    mask = (torch.rand(x.shape, dtype=torch.float64).numpy() >= p) / (1.0 - p)
    return x * mask, mask
