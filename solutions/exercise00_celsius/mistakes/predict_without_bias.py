"""What does water freeze at on your scale? At 0 °C nothing but the bias is left.

Loses: predict, gradients, fit
"""


def predict(celsius, w, b):
    return w * celsius
