"""Where did the right temperatures enter?

Loses: gradients, fit
"""


def gradients(celsius, fahrenheit, w, b):
    error = w * celsius + b
    return np.mean(2.0 * error * celsius), np.mean(2.0 * error)
