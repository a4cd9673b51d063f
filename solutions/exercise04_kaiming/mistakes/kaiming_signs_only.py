"""Mean 0 and the right spread, but only two different weights. Which distribution was asked for?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return rng.choice([-1.0, 1.0], (n_in, n_out)) * np.sqrt(2.0 / n_in)
