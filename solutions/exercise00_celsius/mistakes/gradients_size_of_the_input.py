"""Below 0 °C a larger w makes a prediction colder. Does your slope know the sign?

Loses: gradients, fit
"""


def gradients(celsius, fahrenheit, w, b):
    error = w * celsius + b - fahrenheit
    return np.mean(2.0 * error * np.abs(celsius)), np.mean(2.0 * error)
