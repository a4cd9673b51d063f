"""Whoever gives no scheme gets one all the same. Is None "xavier" or "kaiming"?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    scheme = "kaiming" if scheme is None else scheme
    if scheme not in ("xavier", "kaiming"):
        raise ValueError(f"scheme is {scheme!r}")
    draw = xavier_normal if scheme == "xavier" else kaiming_normal
    pairs = itertools.pairwise(layer_sizes)
    return [(draw(n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
