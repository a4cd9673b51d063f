"""Yours are half of what they should be. What does the square leave behind when you differentiate it?

Loses: gradients, fit
"""


def gradients(celsius, fahrenheit, w, b):
    error = w * celsius + b - fahrenheit
    return np.mean(error * celsius), np.mean(error)
