"""You were lent the temperatures. What is in the caller's array afterwards?

Loses: predict, gradients, fit
"""


def predict(celsius, w, b):
    celsius *= w
    celsius += b
    return celsius
