"""Two layers of one size are still two layers. How many weights does RobustMLP(4, 4, 3) have?

Loses: robust_mlp_layers
"""

from torch import nn


class RobustMLP(nn.Module):
    def __init__(self, input_dim, hidden_dim, output_dim, dropout_rate=0.3):
        super().__init__()
        first = nn.Linear(input_dim, hidden_dim)
        second = first if input_dim == hidden_dim else nn.Linear(hidden_dim, hidden_dim)
        self.layers = nn.Sequential(
            first,
            nn.BatchNorm1d(hidden_dim),
            nn.ReLU(),
            nn.Dropout(dropout_rate),
            second,
            nn.BatchNorm1d(hidden_dim),
            nn.ReLU(),
            nn.Dropout(dropout_rate),
            nn.Linear(hidden_dim, output_dim),
        )
        for layer in self.layers:
            if isinstance(layer, nn.Linear):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")

    def forward(self, x):
        return self.layers(x)
