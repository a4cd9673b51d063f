"""At exactly two standard deviations your weights pile up. Who asked for a limit?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    std = np.sqrt(2.0 / n_in)
    return np.clip(rng.normal(0.0, std, (n_in, n_out)), -2.0 * std, 2.0 * std)
