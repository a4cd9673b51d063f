"""Your answer has seven right digits where sixteen are possible: in which dtype do you compute?

Loses: sigmoid
"""

import numpy as np


def sigmoid(z):
    e = np.exp(-np.abs(z.astype(np.float32)))
    return (np.where(z >= 0, np.float32(1.0), e) / (np.float32(1.0) + e)).astype(np.float64)
