"""This machine has no GPU. Will the next one have none either?

Loses: pick_device
"""

import torch


def pick_device():
    return torch.device("cpu")
