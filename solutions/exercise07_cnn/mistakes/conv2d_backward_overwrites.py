"""A pixel lies under several windows and hears from each of them. Does the last one have the only word?

Loses: conv2d_gradients
"""

import torch
import torch.nn.functional as F


class Windows(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k, stride):
        ctx.size, ctx.k, ctx.stride = x.shape, k, stride
        return windows(x, k, stride).clone()

    @staticmethod
    def backward(ctx, upstream):
        dx = upstream.new_zeros(ctx.size)
        for i in range(upstream.shape[2]):
            for j in range(upstream.shape[3]):
                top, left = i * ctx.stride, j * ctx.stride
                dx[:, :, top : top + ctx.k, left : left + ctx.k] = upstream[:, :, i, j]
        return dx, None, None


def conv2d(x, weight, bias, stride=1, padding=0):
    x = F.pad(x, [padding] * 4)
    out = torch.einsum("nchwij,ocij->nohw", Windows.apply(x, weight.shape[-1], stride), weight)
    return out if bias is None else out + bias[:, None, None]
