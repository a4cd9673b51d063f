"""Your own convolution is used once. Two are asked for, whoever wrote them.

Loses: DigitCNN
"""

import torch
from torch import nn


class DigitCNN(nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        self.filters = nn.Parameter(torch.randn(32, 1, 3, 3) / 3)
        self.norm = nn.BatchNorm2d(32)
        self.last = nn.Sequential(nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, n_classes))

    def forward(self, x):
        x = torch.relu(self.norm(conv2d(x, self.filters, None, padding=1)))
        return self.last(max_pool2d(x, 2).flatten(1))
