"""Reference: moving averages."""

import numpy as np


def moving_average(x, window):
    return np.array([x[start : start + window].mean() for start in range(len(x) - window + 1)])


def exponential_average(x, alpha=0.5):
    y = x.copy()
    for t in range(1, len(x)):
        # y_t = α·x_t + (1 − α)·y_{t−1}
        y[t] = alpha * x[t] + (1 - alpha) * y[t - 1]
    return y
