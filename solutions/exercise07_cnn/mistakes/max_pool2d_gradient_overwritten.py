"""A pixel can win under several windows that overlap. It hears from every one of them, not from the last.

Loses: max_pool2d
"""

import torch


class Pool(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, kernel, stride):
        n, c, height, width = x.shape
        where = torch.arange(height * width, device=x.device).view(1, 1, height, width)
        seen, where = (windows(each, kernel, stride).flatten(-2) for each in (x, where.expand_as(x)))
        largest, won = seen.max(dim=-1)
        ctx.save_for_backward(where.gather(-1, won[..., None]).flatten(2))
        ctx.size = x.shape
        return largest

    @staticmethod
    def backward(ctx, upstream):
        (won,) = ctx.saved_tensors
        dx = upstream.new_zeros(ctx.size).flatten(2)
        return dx.scatter(2, won, upstream.flatten(2)).view(ctx.size), None, None


def max_pool2d(x, kernel, stride=None):
    return Pool.apply(x, kernel, stride or kernel)
