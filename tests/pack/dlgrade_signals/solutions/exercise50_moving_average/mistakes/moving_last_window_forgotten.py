"""Your answer ends one value early. Where does the last window begin?

Loses: moving
"""

import numpy as np


def moving_average(x, window):
    return np.array([x[start : start + window].mean() for start in range(max(1, len(x) - window))])
