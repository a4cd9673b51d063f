"""It is right, of course: PyTorch wrote it. The exercise is to do without.

Loses: by_hand, conv2d, conv2d_gradients
"""

import torch.nn.functional as F


def conv2d(x, weight, bias, stride=1, padding=0):
    return F.conv2d(x, weight, bias, stride=stride, padding=padding)
