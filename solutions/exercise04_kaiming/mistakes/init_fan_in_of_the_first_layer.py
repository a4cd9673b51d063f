"""Every layer has a fan-in of its own. Which one do your later layers use?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    std = np.sqrt((2.0 if scheme == "kaiming" else 1.0) / layer_sizes[0])
    pairs = itertools.pairwise(layer_sizes)
    return [(rng.normal(0.0, std, (n_in, n_out)), np.zeros(n_out)) for n_in, n_out in pairs]
