"""The window makes long steps down. And to the right?

Loses: conv2d, conv2d_gradients
"""

import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    x = F.pad(x, [padding] * 4)
    seen = x.unfold(2, weight.shape[-1], stride).unfold(3, weight.shape[-1], 1)
    out = torch.einsum("nchwij,ocij->nohw", seen, weight)
    return out if bias is None else out + bias[:, None, None]
