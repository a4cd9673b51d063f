"""How many windows fit into four values if each is two wide? Yours has more.

Loses: moving
"""

import numpy as np


def moving_average(x, window):
    return np.convolve(x, np.ones(window) / window, mode="same")
