"""Nothing is drawn until somebody walks through your answer, and that only once. A list was asked for.

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    pairs = itertools.pairwise(layer_sizes)
    return ((SCHEMES[scheme](n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs)
