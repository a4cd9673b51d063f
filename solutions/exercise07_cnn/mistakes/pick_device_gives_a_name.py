"""`"cuda"` is the name of a device, not a device. What does the exercise ask for?

Loses: pick_device
"""

import torch


def pick_device():
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"
