"""The numbers are right, but nothing flows back to the picture. Which call has cut it off?

Loses: conv2d_gradients
"""

import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    x = F.pad(x.detach(), [padding] * 4)
    out = torch.einsum("nchwij,ocij->nohw", windows(x, weight.shape[-1], stride), weight)
    return out if bias is None else out + bias[:, None, None]
