"""With padding 1 and a window of 3 the image keeps its size. Does yours?

Loses: conv2d, conv2d_gradients
"""

import torch


def conv2d(x, weight, bias, stride=1, padding=0):
    # S(i, j) = Σ I(i + m, j + n) K(m, n): Goodfellow et al., Deep Learning (2016), equation 9.6, over all channels
    out = torch.einsum("nchwij,ocij->nohw", windows(x, weight.shape[-1], stride), weight)
    return out if bias is None else out + bias[:, None, None]
