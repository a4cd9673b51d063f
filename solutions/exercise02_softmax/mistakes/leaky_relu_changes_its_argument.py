"""The answer is right, but the caller's z holds it too now. Whose array did you write into?

Loses: leaky_relu
"""


def leaky_relu(z, slope=0.01):
    z[z < 0] *= slope
    return z
