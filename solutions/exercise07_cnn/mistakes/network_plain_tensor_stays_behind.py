"""Move the network and look at each of its attributes. Which one did not come along? Register what must travel.

Loses: DigitCNN
"""

import torch
from torch import nn


class DigitCNN(nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        self.mean = torch.full((1, 1, 1, 8), 0.3)
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(),
            nn.MaxPool2d(2),  # 8×8 → 4×4
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Flatten(),
            nn.Linear(32 * 4 * 4, n_classes),
        )  # fmt: skip

    def forward(self, x):
        return self.layers(x - self.mean)
