"""Build the network twice from the same rng. Why do the two differ?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    rng = np.random.default_rng()
    pairs = itertools.pairwise(layer_sizes)
    return [(SCHEMES[scheme](n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
