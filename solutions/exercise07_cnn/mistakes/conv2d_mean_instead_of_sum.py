"""All products under the window are added. Who asked for their mean?

Loses: conv2d, conv2d_gradients
"""

import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    x = F.pad(x, [padding] * 4)
    # S(i, j) = Σ I(i + m, j + n) K(m, n), over all channels:
    # Goodfellow et al., Deep Learning (2016), equation 9.6
    out = torch.einsum("nchwij,ocij->nohw", windows(x, weight.shape[-1], stride), weight) / weight[0].numel()
    return out if bias is None else out + bias[:, None, None]
