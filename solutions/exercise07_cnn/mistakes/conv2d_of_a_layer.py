"""A layer that is made for one call, with the weights put in, is still the layer.

Loses: by_hand, conv2d, conv2d_gradients
"""

import torch
from torch import nn


def conv2d(x, weight, bias, stride=1, padding=0):
    layer = nn.Conv2d(
        weight.shape[1], weight.shape[0], weight.shape[2], stride, padding, bias=bias is not None
    )
    weights = {"weight": weight} if bias is None else {"weight": weight, "bias": bias}
    return torch.func.functional_call(layer, weights, (x,))
