"""Your filter stands on its head. Which of its rows lies above the topmost row of pixels?

Loses: conv2d, conv2d_gradients
"""

import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    x = F.pad(x, [padding] * 4)
    out = torch.einsum("nchwij,ocij->nohw", windows(x, weight.shape[-1], stride), weight.flip(2))
    return out if bias is None else out + bias[:, None, None]
