"""Your columns stand at right angles, so they know of each other. Each weight was to be drawn on its own.

Loses: kaiming_normal
"""

import numpy as np


def kaiming_normal(n_in, n_out, rng):
    z = rng.standard_normal((max(n_in, n_out), min(n_in, n_out)))
    Q, R = np.linalg.qr(z)
    Q = Q * np.sign(np.diag(R))
    Q = Q if n_in >= n_out else Q.T
    return Q * np.sqrt(2.0 * max(n_in, n_out) / n_in)
