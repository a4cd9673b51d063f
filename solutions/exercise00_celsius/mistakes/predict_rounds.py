"""Who asked for whole degrees? A rounded line is flat almost everywhere.

Loses: predict, gradients, fit
"""


def predict(celsius, w, b):
    return np.round(w * celsius + b)
