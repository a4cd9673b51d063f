"""Which of the two numbers is multiplied by the temperature?

Loses: predict, gradients, fit
"""


def predict(celsius, w, b):
    return b * celsius + w
