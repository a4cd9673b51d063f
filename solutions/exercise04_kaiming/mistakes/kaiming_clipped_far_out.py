"""Three standard deviations are rare, not impossible. What becomes of the weights beyond?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return np.clip(rng.standard_normal((n_in, n_out)), -3.0, 3.0) * np.sqrt(2.0 / n_in)
