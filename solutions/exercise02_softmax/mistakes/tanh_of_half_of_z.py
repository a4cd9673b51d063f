"""Right at 0, right far out, and only half as steep in between. What is the slope of tanh at 0?

Loses: tanh
"""


def tanh(z):
    return 2.0 * sigmoid(z) - 1.0
