"""Both numbers are right. Which of them was asked for first?

Loses: gradients, fit
"""


def gradients(celsius, fahrenheit, w, b):
    error = w * celsius + b - fahrenheit
    return np.mean(2.0 * error), np.mean(2.0 * error * celsius)
