"""What is the largest of −3, −1 and −2? Yours says 0.

Loses: max_pool2d
"""

import torch


def max_pool2d(x, kernel, stride=None):
    seen = windows(x, kernel, stride or kernel).flatten(-2)
    largest = torch.zeros_like(seen[..., 0])
    for k in range(kernel * kernel):
        largest = torch.maximum(largest, seen[..., k])
    return largest
