"""You made a place for the answer. Of which dtype is it, and of which is x?

Loses: conv2d, conv2d_gradients
"""

import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    k = weight.shape[-1]
    x = F.pad(x, [padding] * 4)
    rows, columns = conv_output_size(x.shape[2], k, stride), conv_output_size(x.shape[3], k, stride)
    out = torch.zeros(len(x), len(weight), rows, columns, device=x.device)
    for i in range(rows):
        for j in range(columns):
            seen = x[:, :, i * stride : i * stride + k, j * stride : j * stride + k]
            out[:, :, i, j] = torch.einsum("ncij,ocij->no", seen, weight)
    return out if bias is None else out + bias[:, None, None]
