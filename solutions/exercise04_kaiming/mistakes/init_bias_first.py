"""The task says (W, b), in this order.

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    pairs = itertools.pairwise(layer_sizes)
    return [(np.zeros(n_out), SCHEMES[scheme](n_in, n_out, rng)) for n_in, n_out in pairs]
