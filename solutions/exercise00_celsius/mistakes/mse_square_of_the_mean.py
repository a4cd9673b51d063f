"""Errors of -3 and 3 cancel in yours. Which comes first, the mean or the square?

Loses: mse, fit
"""


def mse(pred, target):
    return np.mean(pred - target) ** 2
