"""A Mac has a GPU too. Which question do you have to ask for it?

Loses: pick_device
"""

import torch


def pick_device():
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
