"""Fine at -800. What does e^(2z) do on the other side?

Loses: tanh
"""

import numpy as np


def tanh(z):
    e = np.exp(2.0 * z)
    return (e - 1.0) / (e + 1.0)
