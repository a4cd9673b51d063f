"""`.item()` gives a number that remembers nothing. Can a gradient flow through it?

Loses: conv2d_gradients
"""

import torch
import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    k = weight.shape[-1]
    x = F.pad(x, [padding] * 4)
    rows, columns = conv_output_size(x.shape[2], k, stride), conv_output_size(x.shape[3], k, stride)
    out = torch.zeros(len(x), len(weight), rows, columns, dtype=x.dtype, device=x.device)
    for i in range(rows):
        for j in range(columns):
            seen = x[:, :, i * stride : i * stride + k, j * stride : j * stride + k]
            values = torch.einsum("ncij,ocij->no", seen, weight)
            for m in range(len(x)):
                for o in range(len(weight)):
                    out[m, o, i, j] = values[m, o].item()
    return out if bias is None else out + bias[:, None, None]
