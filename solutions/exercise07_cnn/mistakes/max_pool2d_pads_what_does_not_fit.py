"""A 7 pixel side holds three windows of 2. Where does your fourth one come from?

Loses: max_pool2d
"""

import torch.nn.functional as F


def max_pool2d(x, kernel, stride=None):
    stride = stride or kernel
    down, right = (-(side - kernel) % stride for side in x.shape[2:])
    return windows(F.pad(x, [0, right, 0, down], value=float("-inf")), kernel, stride).amax(dim=(-2, -1))
