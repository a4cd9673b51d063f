"""Layer number k has seed k, whichever rng comes in. What is rng for?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    pairs = itertools.pairwise(layer_sizes)
    return [
        (SCHEMES[scheme](n_in, n_out, np.random.default_rng(k)), np.zeros(n_out))
        for k, (n_in, n_out) in enumerate(pairs)
    ]
