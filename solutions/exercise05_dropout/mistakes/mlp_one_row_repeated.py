"""Your units all start alike, so they all learn alike. How many numbers did you draw?

Loses: robust_mlp_init
"""

import torch
from torch import nn


class RobustMLP(nn.Module):
    def __init__(self, input_dim, hidden_dim, output_dim, dropout_rate=0.3):
        super().__init__()
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
                row = torch.randn(1, layer.in_features) * (2 / layer.in_features) ** 0.5
                layer.weight.data = row.repeat(layer.out_features, 1)

    def forward(self, x):
        return self.layers(x)
