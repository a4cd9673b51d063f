"""The same units are lost in every pass: then it is just a smaller network.

Loses: robust_mlp_modes
"""

import torch
from torch import nn


class RobustMLP(nn.Module):
    def __init__(self, input_dim, hidden_dim, output_dim, dropout_rate=0.3):
        super().__init__()
        self.rate = dropout_rate
        self.layers = nn.Sequential(
            nn.Linear(input_dim, hidden_dim),
            nn.BatchNorm1d(hidden_dim),
            nn.ReLU(),
            nn.Dropout(dropout_rate),
            nn.Linear(hidden_dim, hidden_dim),
            nn.BatchNorm1d(hidden_dim),
            nn.ReLU(),
            nn.Dropout(dropout_rate),
            nn.Linear(hidden_dim, output_dim),
        )
        for layer in self.layers:
            if isinstance(layer, nn.Linear):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")

    def forward(self, x):
        for i in (0, 4):
            x = self.layers[i : i + 3](x)
            if self.training:
                coins = torch.rand(x.shape, generator=torch.Generator().manual_seed(i))
                x = x * (coins >= self.rate) / (1 - self.rate)
        return self.layers[8](x)
