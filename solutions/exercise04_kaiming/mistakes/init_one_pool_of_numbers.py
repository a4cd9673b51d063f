"""Each layer takes its weights from the start of one long draw, so all begin alike.

Loses: init_mlp
"""

import itertools

import numpy as np


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    gain = 2.0 if scheme == "kaiming" else 1.0
    pairs = list(itertools.pairwise(layer_sizes))
    pool = rng.standard_normal(max(n_in * n_out for n_in, n_out in pairs))
    return [
        (pool[: n_in * n_out].reshape(n_in, n_out) * np.sqrt(gain / n_in), np.zeros(n_out))
        for n_in, n_out in pairs
    ]
