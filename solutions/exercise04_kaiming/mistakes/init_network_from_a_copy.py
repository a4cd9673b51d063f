"""Two networks drawn one after the other from one rng are the same network. Which generator moved on?

Loses: init_mlp
"""

import copy
import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    rng = copy.deepcopy(rng)
    pairs = itertools.pairwise(layer_sizes)
    return [(SCHEMES[scheme](n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
