"""A tuple of sizes is as good as a list. What does your function do with one?

Loses: init_mlp
"""

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    shifted = layer_sizes[1:] + []
    pairs = zip(layer_sizes[:-1], shifted, strict=True)
    return [(SCHEMES[scheme](n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
