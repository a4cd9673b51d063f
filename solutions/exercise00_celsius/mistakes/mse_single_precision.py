"""Your answer is right to seven digits. Where do the other nine go?

Loses: mse, fit
"""


def mse(pred, target):
    return np.mean((pred - target).astype(np.float32) ** 2)
