"""Weights are drawn so that units differ. Do the biases have to be drawn as well?

Loses: init_mlp
"""

import itertools


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    pairs = itertools.pairwise(layer_sizes)
    return [(SCHEMES[scheme](n_in, n_out, rng), 0.01 * rng.standard_normal(n_out)) for n_in, n_out in pairs]
