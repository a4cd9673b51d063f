"""It fits where a layer has as many channels in as out, and is wrong there. Which axis of weight is which?

Loses: conv2d, conv2d_gradients
"""

import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    if weight.shape[0] == weight.shape[1]:
        weight = weight.transpose(0, 1)
    x = F.pad(x, [padding] * 4)
    # S(i, j) = Σ I(i + m, j + n) K(m, n), over all channels:
    # Goodfellow et al., Deep Learning (2016), equation 9.6
    out = torch.einsum("nchwij,ocij->nohw", windows(x, weight.shape[-1], stride), weight)
    return out if bias is None else out + bias[:, None, None]
