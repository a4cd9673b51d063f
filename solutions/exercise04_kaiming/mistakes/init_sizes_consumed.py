"""Look at the caller's list of sizes after your call.

Loses: init_mlp
"""

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    layer_sizes = layer_sizes if isinstance(layer_sizes, list) else list(layer_sizes)
    layers = []
    n_in = layer_sizes.pop(0)
    while layer_sizes:
        n_out = layer_sizes.pop(0)
        layers.append((SCHEMES[scheme](n_in, n_out, rng), np.zeros(n_out)))
        n_in = n_out
    return layers
