"""2/n_in is a variance. Take the root.

Loses: kaiming_normal
"""


def kaiming_normal(n_in, n_out, rng):
    return rng.normal(0.0, 2.0 / n_in, (n_in, n_out))
