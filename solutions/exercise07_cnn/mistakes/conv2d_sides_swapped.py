"""All the right numbers, but for an image that is wider than high they stand in the wrong shape. Height comes first.

Loses: conv2d, conv2d_gradients
"""

import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    n, k = len(x), weight.shape[-1]
    height, width = (conv_output_size(side, k, stride, padding) for side in x.shape[2:])
    out = weight.flatten(1) @ F.unfold(x, k, padding=padding, stride=stride)
    out = out.reshape(n, len(weight), width, height)
    return out if bias is None else out + bias[:, None, None]
