"""Every value of yours is as many times mine as the window is wide. What is missing?

Loses: moving
"""

import numpy as np


def moving_average(x, window):
    return np.array([x[start : start + window].sum() for start in range(len(x) - window + 1)])
