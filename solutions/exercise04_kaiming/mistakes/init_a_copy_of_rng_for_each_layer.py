"""Every layer starts from the same state of rng. Lay the first numbers of two layers side by side.

Loses: init_mlp
"""

import copy
import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    pairs = itertools.pairwise(layer_sizes)
    return [(SCHEMES[scheme](n_in, n_out, copy.deepcopy(rng)), np.zeros(n_out)) for n_in, n_out in pairs]
