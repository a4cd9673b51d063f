"""How many predictions do n temperatures ask for?

Loses: predict, gradients, fit
"""


def predict(celsius, w, b):
    return w * celsius[0] + b
