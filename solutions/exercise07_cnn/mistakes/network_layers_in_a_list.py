"""How many parameters does your network say it has? A Python list hides its layers from everyone.

Loses: DigitCNN, digits
"""

import torch.nn.functional as F
from torch import nn


class DigitCNN(nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        self.layers = [
            nn.Conv2d(1, 16, 3, padding=1),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.Linear(512, n_classes),
        ]

    def forward(self, x):
        first, second, last = self.layers
        x = F.max_pool2d(F.relu(second(F.relu(first(x)))), 2)
        return last(x.flatten(1))
