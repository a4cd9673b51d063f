"""Your values run from 0 to 1. tanh runs from -1 to 1, and tanh(0) = 0.

Loses: tanh
"""


def tanh(z):
    return sigmoid(2.0 * z)
