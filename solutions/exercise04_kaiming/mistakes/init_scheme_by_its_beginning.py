""" "kaiming_uniform" begins like a scheme and is none. What does your comparison look at?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme.startswith("x"):
        draw = xavier_normal
    elif scheme.startswith("k"):
        draw = kaiming_normal
    else:
        raise ValueError(f"scheme is {scheme!r}")
    pairs = itertools.pairwise(layer_sizes)
    return [(draw(n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
