"""A bias of 0.01 keeps ReLUs awake, some say. What does the task say?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    pairs = itertools.pairwise(layer_sizes)
    return [(SCHEMES[scheme](n_in, n_out, rng), np.full(n_out, 0.01)) for n_in, n_out in pairs]
