"""That is in degrees. The square of a degree is what was asked for; who took the root?

Loses: mse, fit
"""


def mse(pred, target):
    return np.sqrt(np.mean((pred - target) ** 2))
