"""Does your network look at `scheme` at all once it knows that it is a valid one?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    pairs = itertools.pairwise(layer_sizes)
    return [(kaiming_normal(n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
