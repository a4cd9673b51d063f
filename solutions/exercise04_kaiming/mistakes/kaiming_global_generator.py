"""np.random knows nothing of rng. Which of the two does the caller control?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return np.random.normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))
