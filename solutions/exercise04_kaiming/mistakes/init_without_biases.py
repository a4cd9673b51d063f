"""Each layer was to be a pair. Where is the other half?

Loses: init_mlp
"""

import itertools


def init_mlp(layer_sizes, scheme, rng):
    if scheme not in SCHEMES:
        raise ValueError(f"scheme is {scheme!r}")
    pairs = itertools.pairwise(layer_sizes)
    return [SCHEMES[scheme](n_in, n_out, rng) for n_in, n_out in pairs]
