"""The bias belongs to an output channel. How often do you add it when the input has three channels?

Loses: conv2d, conv2d_gradients
"""

import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    x = F.pad(x, [padding] * 4)
    # S(i, j) = Σ I(i + m, j + n) K(m, n): Goodfellow et al., Deep Learning (2016), equation 9.6, over all channels
    out = torch.einsum("nchwij,ocij->nohw", windows(x, weight.shape[-1], stride), weight)
    return out if bias is None else out + x.shape[1] * bias[:, None, None]
