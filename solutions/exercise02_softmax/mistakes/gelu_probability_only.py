"""That is Φ(z). GELU lets z through in proportion to it: what is missing?

Loses: gelu
"""


def gelu(z):
    return normal_cdf(z)
