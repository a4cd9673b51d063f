"""Does the loss not care about the bias? Move it a little and look.

Loses: gradients, fit
"""


def gradients(celsius, fahrenheit, w, b):
    error = w * celsius + b - fahrenheit
    return np.mean(2.0 * error * celsius), 0.0
