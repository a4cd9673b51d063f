"""With a stride of 1 a window of 3 overlaps its neighbours. Does yours ever?

Loses: max_pool2d
"""


def max_pool2d(x, kernel, stride=None):
    return windows(x, kernel, kernel).amax(dim=(-2, -1))
