"""Heavier tails than a normal distribution has. How many weights lie beyond three standard deviations?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return rng.standard_t(8, (n_in, n_out)) * np.sqrt(6.0 / 8.0) * np.sqrt(2.0 / n_in)
