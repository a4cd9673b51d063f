"""A bias is used at every place of every image, and each use sends something back. Is that added up or averaged?

Loses: conv2d_gradients
"""

import torch
import torch.nn.functional as F


class AddBias(torch.autograd.Function):
    @staticmethod
    def forward(ctx, out, bias):
        return out + bias[:, None, None]

    @staticmethod
    def backward(ctx, upstream):
        return upstream, upstream.sum((2, 3)).mean(0)


def conv2d(x, weight, bias, stride=1, padding=0):
    x = F.pad(x, [padding] * 4)
    out = torch.einsum("nchwij,ocij->nohw", windows(x, weight.shape[-1], stride), weight)
    return out if bias is None else AddBias.apply(out, bias)
