"""A last layer of zeros starts fair, but the task asks for the scheme in every layer.

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    pairs = itertools.pairwise(layer_sizes)
    layers = [(SCHEMES[scheme](n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
    layers[-1] = (np.zeros(layers[-1][0].shape), layers[-1][1])
    return layers
