"""How does your loss grow when the error doubles? It is to grow fourfold.

Loses: mse, fit
"""


def mse(pred, target):
    return np.mean(np.abs(pred - target))
