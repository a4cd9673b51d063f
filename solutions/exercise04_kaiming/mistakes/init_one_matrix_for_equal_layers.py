"""Print W of two layers of the same size. You drew once and used it twice.

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    drawn, layers = {}, []
    for n_in, n_out in itertools.pairwise(layer_sizes):
        if (n_in, n_out) not in drawn:
            drawn[n_in, n_out] = SCHEMES[scheme](n_in, n_out, rng)
        layers.append((drawn[n_in, n_out], np.zeros(n_out)))
    return layers
