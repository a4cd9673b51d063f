"""A layer that is made anew in every pass forgets what it learnt. Where are layers made?

Loses: robust_mlp_init, robust_mlp_layers, robust_mlp_modes
"""

import torch.nn.functional as F
from torch import nn


class RobustMLP(nn.Module):
    def __init__(self, input_dim, hidden_dim, output_dim, dropout_rate=0.3):
        super().__init__()
        self.hidden_dim, self.rate = hidden_dim, dropout_rate
        self.first, self.last = nn.Linear(input_dim, hidden_dim), nn.Linear(hidden_dim, output_dim)
        self.norms = nn.ModuleList([nn.BatchNorm1d(hidden_dim), nn.BatchNorm1d(hidden_dim)])
        for layer in (self.first, self.last):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")

    def forward(self, x):
        x = F.dropout(F.relu(self.norms[0](self.first(x))), self.rate, self.training)
        second = nn.Linear(self.hidden_dim, self.hidden_dim)
        nn.init.kaiming_normal_(second.weight, nonlinearity="relu")
        x = F.dropout(F.relu(self.norms[1](second(x))), self.rate, self.training)
        return self.last(x)
