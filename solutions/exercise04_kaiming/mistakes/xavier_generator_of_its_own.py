"""You were handed a generator, and made another one. What happens to the seed the caller chose?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    rng = np.random.default_rng()
    return rng.normal(0.0, 1.0 / np.sqrt(n_in), (n_in, n_out))
