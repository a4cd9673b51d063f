"""A program that was built for GPUs runs on machines without one too. Which of the two questions did you ask?

Loses: pick_device
"""

import torch


def pick_device():
    if torch.backends.cuda.is_built():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_built() else "cpu")
