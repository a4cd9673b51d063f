"""When the prediction grows, does prediction − target grow or shrink?

Loses: gradients, fit
"""


def gradients(celsius, fahrenheit, w, b):
    error = fahrenheit - (w * celsius + b)
    return np.mean(2.0 * error * celsius), np.mean(2.0 * error)
