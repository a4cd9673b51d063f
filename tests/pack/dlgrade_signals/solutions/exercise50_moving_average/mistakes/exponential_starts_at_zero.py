"""What does the first value of yours average, apart from x[0]? There was nothing before it.

Loses: exponential
"""

import numpy as np


def exponential_average(x, alpha=0.5):
    y, last = np.zeros(len(x)), 0.0
    for t in range(len(x)):
        last = y[t] = alpha * x[t] + (1 - alpha) * last
    return y
