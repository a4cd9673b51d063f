"""Your windows leave their darkest pixel. What was asked for?

Loses: max_pool2d
"""

def max_pool2d(x, kernel, stride=None):
    return windows(x, kernel, stride or kernel).amin(dim=(-2, -1))
