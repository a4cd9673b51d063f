"""No ReLU follows the last layer, true. But which std does the task ask for there?

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    layers = []
    for k, (n_in, n_out) in enumerate(itertools.pairwise(layer_sizes), 2):
        draw = SCHEMES[scheme] if k < len(layer_sizes) else xavier_normal
        layers.append((draw(n_in, n_out, rng), np.zeros(n_out)))
    return layers
