"""Two networks from two generators, and they are the same. Where does your seed come from?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    rng = np.random.default_rng(n_in * 1000 + n_out)
    return rng.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))
