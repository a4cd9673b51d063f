"""With alpha = 1 nothing should be remembered. Does yours notice anything new then?

Loses: exponential
"""

import numpy as np


def exponential_average(x, alpha=0.5):
    y = x.copy()
    for t in range(1, len(x)):
        y[t] = (1 - alpha) * x[t] + alpha * y[t - 1]
    return y
