"""k + 1 sizes have k gaps between them. Count your layers.

Loses: init_mlp
"""

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    pairs = zip(layer_sizes[:-2], layer_sizes[1:-1], strict=True)
    return [(SCHEMES[scheme](n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
