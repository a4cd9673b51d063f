"""Does the weight act on the bias too? Put brackets around what your line really computes.

Loses: predict, gradients, fit
"""


def predict(celsius, w, b):
    return w * (celsius + b)
