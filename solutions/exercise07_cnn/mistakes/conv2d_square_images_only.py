"""Your test images are square, ours are not. Which side did you ask for its size, and for which did you use it?

Loses: conv2d, conv2d_gradients
"""

import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    n, k = len(x), weight.shape[-1]
    side = conv_output_size(x.shape[2], k, stride, padding)
    out = weight.flatten(1) @ F.unfold(x, k, padding=padding, stride=stride)
    out = out.reshape(n, len(weight), side, side)
    return out if bias is None else out + bias[:, None, None]
