"""What does your function do with the scheme "he", or with a typing error?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    draw = xavier_normal if scheme == "xavier" else kaiming_normal
    pairs = itertools.pairwise(layer_sizes)
    return [(draw(n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
