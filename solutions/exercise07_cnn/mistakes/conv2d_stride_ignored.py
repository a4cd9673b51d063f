"""With stride 2 you give as many places as with stride 1. How far does your window move?

Loses: conv2d, conv2d_gradients
"""

import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    x = F.pad(x, [padding] * 4)
    out = torch.einsum("nchwij,ocij->nohw", windows(x, weight.shape[-1], 1), weight)
    return out if bias is None else out + bias[:, None, None]
