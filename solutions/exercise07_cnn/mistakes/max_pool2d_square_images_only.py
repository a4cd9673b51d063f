"""Your images are square. Ours are wider than high, or higher than wide.

Loses: max_pool2d
"""

import torch.nn.functional as F


def max_pool2d(x, kernel, stride=None):
    stride = stride or kernel
    n, c, height, width = x.shape
    side = conv_output_size(height, kernel, stride)
    columns = F.unfold(x.reshape(n * c, 1, height, width), kernel, stride=stride)
    return columns.amax(dim=1).reshape(n, c, side, side)
