"""Try a single sample. n − 1 is for estimating a variance; what is this a mean of?

Loses: mse, fit
"""


def mse(pred, target):
    return np.sum((pred - target) ** 2) / max(len(pred) - 1, 1)
