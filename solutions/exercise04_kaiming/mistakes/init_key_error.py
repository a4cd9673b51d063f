"""An unknown scheme ends in a KeyError. Which error was asked for, and which word should it hold?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    draw = {"xavier": xavier_normal, "kaiming": kaiming_normal}[scheme]
    pairs = itertools.pairwise(layer_sizes)
    return [(draw(n_in, n_out, rng), np.zeros(n_out)) for n_in, n_out in pairs]
