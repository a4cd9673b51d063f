"""It works on your machine. Take the device from what there is.

Loses: pick_device
"""

import torch


def pick_device():
    return torch.device("cuda")
