"""You were handed a generator, and made another one. What happens to the seed the caller chose?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    return np.random.default_rng().normal(0.0, np.sqrt(2.0 / n_in), (n_in, n_out))
