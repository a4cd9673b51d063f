"""A line that is wrong by 3 everywhere costs nothing with you. What did you take off before squaring?

Loses: mse, fit
"""


def mse(pred, target):
    return np.var(pred - target)
