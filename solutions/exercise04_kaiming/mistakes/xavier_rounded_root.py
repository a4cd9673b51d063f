"""Your root is a whole number. What is 1 // √n_in for any layer of more than one input?

Loses: xavier_normal
"""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    return rng.standard_normal((n_in, n_out)) / int(np.sqrt(n_in))
