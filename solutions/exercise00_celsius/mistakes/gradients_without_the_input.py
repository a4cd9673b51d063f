"""How much does a prediction move when w does? That depends on the temperature.

Loses: gradients, fit
"""


def gradients(celsius, fahrenheit, w, b):
    error = w * celsius + b - fahrenheit
    return np.mean(2.0 * error), np.mean(2.0 * error)
