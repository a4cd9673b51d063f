"""Without a stride the windows lie side by side. Yours overlap.

Loses: max_pool2d
"""


def max_pool2d(x, kernel, stride=None):
    return windows(x, kernel, stride or 1).amax(dim=(-2, -1))
