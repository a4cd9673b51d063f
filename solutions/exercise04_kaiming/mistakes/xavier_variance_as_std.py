"""1/n_in is how large the variance should be. What does NumPy want to be told?

Loses: xavier_normal
"""


def xavier_normal(n_in, n_out, rng):
    return rng.normal(0.0, 1.0 / n_in, (n_in, n_out))
