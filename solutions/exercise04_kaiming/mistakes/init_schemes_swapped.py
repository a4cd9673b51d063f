"""Which of the two schemes makes up for ReLU?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    draw = xavier_normal if scheme == "kaiming" else kaiming_normal
    pairs = itertools.pairwise(layer_sizes)
    return [(draw(n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
