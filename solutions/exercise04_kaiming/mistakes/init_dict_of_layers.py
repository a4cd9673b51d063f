"""The other functions walk through a list of pairs. What do they find in a dict?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    pairs = itertools.pairwise(layer_sizes)
    return {
        f"layer{k}": (SCHEMES[scheme](n_in, n_out, rng), np.zeros(n_out))
        for k, (n_in, n_out) in enumerate(pairs, 1)
    }
