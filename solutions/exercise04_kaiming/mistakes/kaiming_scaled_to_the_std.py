"""You divide by what the draw's own std happens to be. Should a sample hit its std exactly?

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    z = rng.standard_normal((n_in, n_out))
    return z / (z.std() or 1.0) * np.sqrt(2.0 / n_in)
