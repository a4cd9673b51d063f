"""It is right, of course: PyTorch wrote it. The exercise is to do without.

Loses: by_hand, max_pool2d
"""

from torch import nn


def max_pool2d(x, kernel, stride=None):
    return nn.MaxPool2d(kernel, stride)(x)
