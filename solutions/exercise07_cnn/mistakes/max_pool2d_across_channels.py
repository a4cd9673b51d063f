"""Each channel is pooled by itself. In yours all channels look alike.

Loses: max_pool2d
"""


def max_pool2d(x, kernel, stride=None):
    largest = windows(x, kernel, stride or kernel).amax(dim=(1, -2, -1))
    return largest[:, None].expand(-1, x.shape[1], -1, -1)
