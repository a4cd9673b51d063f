"""A soft maximum is always a little too large. How large is it where all values are equal?

Loses: max_pool2d
"""


def max_pool2d(x, kernel, stride=None):
    return windows(x, kernel, stride or kernel).logsumexp(dim=(-2, -1))
