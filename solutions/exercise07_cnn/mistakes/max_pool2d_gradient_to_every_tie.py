"""Four equal pixels, one gradient of 1. How much do you hand out altogether?

Loses: max_pool2d
"""

import torch
import torch.nn.functional as F


class Pool(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, kernel, stride):
        seen = windows(x, kernel, stride)
        largest = seen.amax(dim=(-2, -1))
        ctx.save_for_backward(seen == largest[..., None, None])
        ctx.size, ctx.kernel, ctx.stride = x.shape, kernel, stride
        return largest

    @staticmethod
    def backward(ctx, upstream):
        (won,) = ctx.saved_tensors
        n, c, height, width = ctx.size
        shares = (won * upstream[..., None, None]).flatten(2, 3).flatten(3)  # n c places k·k
        columns = shares.transpose(2, 3).flatten(1, 2)
        return F.fold(columns, (height, width), ctx.kernel, stride=ctx.stride), None, None


def max_pool2d(x, kernel, stride=None):
    return Pool.apply(x, kernel, stride or kernel)
