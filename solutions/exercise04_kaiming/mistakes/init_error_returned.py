"""An error that is returned stops nobody. What does Python have for that?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        return ValueError(f"scheme is {scheme!r}")
    pairs = itertools.pairwise(layer_sizes)
    return [(SCHEMES[scheme](n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
