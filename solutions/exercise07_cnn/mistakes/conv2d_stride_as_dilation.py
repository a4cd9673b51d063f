"""A stride moves the whole window. Yours stands where it was and has holes in it.

Loses: conv2d, conv2d_gradients
"""

import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    k = weight.shape[-1]
    x = F.pad(x, [padding] * 4 + [0, 0, 0, 0])
    rows, columns = x.shape[2] - stride * (k - 1), x.shape[3] - stride * (k - 1)
    out = 0
    for i in range(k):
        for j in range(k):
            part = x[:, :, stride * i : stride * i + rows, stride * j : stride * j + columns]
            out = out + torch.einsum("nchw,oc->nohw", part, weight[:, :, i, j])
    return out if bias is None else out + bias[:, None, None]
