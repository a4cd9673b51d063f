"""Your numbers have seven digits and no more. Which type did you make them?

Loses: forward
"""

import numpy as np


def forward(w, x, b, y_true):
    z = np.float32(w) * np.float32(x) + np.float32(b)
    a = max(z, np.float32(0))
    return z, a, (a - np.float32(y_true)) ** 2
