"""The numbers are right, and no layer before this one will ever learn. Where does the gradient get lost?

Loses: max_pool2d
"""


def max_pool2d(x, kernel, stride=None):
    return windows(x.detach(), kernel, stride or kernel).amax(dim=(-2, -1))
