"""Do all samples have a say in your slopes?

Loses: gradients, fit
"""


def gradients(celsius, fahrenheit, w, b):
    half = (len(celsius) + 1) // 2
    error = w * celsius[:half] + b - fahrenheit[:half]
    return np.mean(2.0 * error * celsius[:half]), np.mean(2.0 * error)
