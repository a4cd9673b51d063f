"""Try a number below 0.

Loses: double, twice
"""


def double(x):
    return np.abs(x) * 2
