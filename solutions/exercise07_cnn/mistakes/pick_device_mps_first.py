"""Both are there: which one comes first?

Loses: pick_device
"""

import torch


def pick_device():
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
