"""The mean of products is not the product of means. Which samples meet which errors?

Loses: gradients, fit
"""


def gradients(celsius, fahrenheit, w, b):
    error = w * celsius + b - fahrenheit
    return 2.0 * np.mean(error) * np.mean(celsius), np.mean(2.0 * error)
