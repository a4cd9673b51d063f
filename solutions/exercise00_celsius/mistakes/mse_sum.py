"""Your loss grows with the number of samples. What does the M stand for?

Loses: mse, fit
"""


def mse(pred, target):
    return np.sum((pred - target) ** 2)
