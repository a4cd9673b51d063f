"""Your gradients are n times too steep. If the loss is a mean, what is its slope?

Loses: gradients, fit
"""


def gradients(celsius, fahrenheit, w, b):
    error = w * celsius + b - fahrenheit
    return np.sum(2.0 * error * celsius), np.sum(2.0 * error)
