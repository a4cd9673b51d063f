import numpy as np


def moving_average(x, window):
    total = np.concatenate([[0.0], np.cumsum(x)])
    return (total[window:] - total[:-window]) / window


def exponential_average(x, alpha=0.5):
    t = np.arange(len(x))
    weights = np.where(t[:, None] >= t, alpha * (1.0 - alpha) ** np.maximum(t[:, None] - t, 0), 0.0)
    weights[:, 0] = (1.0 - alpha) ** t
    return weights @ x
