"""NumPy knows neither gradients nor devices. What is left of them on the way back?

Loses: conv2d, conv2d_gradients
"""

import numpy as np
import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    seen = windows(F.pad(x, [padding] * 4), weight.shape[-1], stride)
    product = np.einsum("nchwij,ocij->nohw", seen.detach().cpu().numpy(), weight.detach().cpu().numpy())
    out = torch.from_numpy(product)
    return out if bias is None else out + bias[:, None, None]
