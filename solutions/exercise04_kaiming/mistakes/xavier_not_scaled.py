"""Each layer multiplies the spread by √n_in. Who divides it again?

Loses: xavier_normal
"""


def xavier_normal(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out))
