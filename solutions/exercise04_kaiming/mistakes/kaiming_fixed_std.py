"""0.01 was good enough for AlexNet. For which n_in is it √(2/n_in)?

Loses: kaiming_normal
"""


def kaiming_normal(n_in, n_out, rng):
    return 0.01 * rng.standard_normal((n_in, n_out))
