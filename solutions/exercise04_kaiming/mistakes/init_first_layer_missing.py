"""Someone has to read the input. Between which two sizes does your first matrix stand?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    draw = SCHEMES[scheme]
    pairs = itertools.pairwise(layer_sizes[1:])
    return [(draw(n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
