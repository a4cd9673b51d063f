"""The tails of a normal distribution are thin, but they are there. Where do yours end?

Loses: robust_mlp_init
"""

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
                std = (2 / layer.in_features) ** 0.5
                nn.init.trunc_normal_(layer.weight, std=std, a=-2 * std, b=2 * std)

    def forward(self, x):
        return self.layers(x)
