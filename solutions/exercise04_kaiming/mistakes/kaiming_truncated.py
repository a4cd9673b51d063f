"""You draw again whatever lies beyond two standard deviations. What does that do to the spread, and who asked for it?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    z = rng.standard_normal((n_in, n_out))
    while (far := np.abs(z) > 2.0).any():
        z[far] = rng.standard_normal(far.sum())
    return z * np.sqrt(2.0 / n_in)
