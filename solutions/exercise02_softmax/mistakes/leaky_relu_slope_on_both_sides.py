"""A straight line has no bend: on which side of 0 does the slope apply?

Loses: leaky_relu
"""


def leaky_relu(z, slope=0.01):
    return slope * z
