"""The filters of a first layer would learn. Those of a layer before yours never hear anything: where does the trail
end?

Loses: conv2d_gradients
"""

import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    x = F.pad(x.detach(), [padding] * 4)
    # S(i, j) = Σ I(i + m, j + n) K(m, n), over all channels:
    # Goodfellow et al., Deep Learning (2016), equation 9.6
    out = torch.einsum("nchwij,ocij->nohw", windows(x, weight.shape[-1], stride), weight)
    return out if bias is None else out + bias[:, None, None]
