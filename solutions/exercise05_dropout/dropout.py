"""Dropout, batch and layer normalisation by hand, and an MLP that has them."""

import numpy as np
from torch import nn


def dropout_forward(x, p, rng, training=True):
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p must be in [0, 1), it is {p}")
    if not training:
        return x, np.ones_like(x)
    # mask = r / (1 − p) with r ~ Bernoulli(1 − p), so that E[out] = x
    # Srivastava et al. 2014, section 10: scaling up in training instead of down in testing
    mask = (rng.random(x.shape) >= p) / (1.0 - p)
    return x * mask, mask


def dropout_backward(dout, mask):
    return dout * mask  # out = x · mask


def batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    if training:
        # Ioffe & Szegedy 2015, algorithm 1; the unbiased variance is the one of section 3.1
        mean, var = x.mean(axis=0), x.var(axis=0)
        running_mean = (1.0 - momentum) * running_mean + momentum * mean
        running_var = (1.0 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    else:
        mean, var = running_mean, running_var
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    out = gamma * x_hat + beta
    return out, (x_hat, gamma, std), running_mean, running_var


def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    dgamma = (dout * x_hat).sum(axis=0)  # out = γ · x̂ + β
    dbeta = dout.sum(axis=0)
    dx_hat = dout * gamma
    # dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / std: directly, through the mean, through the variance
    # Ioffe & Szegedy 2015, section 3, the chain rule below algorithm 1, put together
    dx = (dx_hat - dx_hat.mean(axis=0) - x_hat * (dx_hat * x_hat).mean(axis=0)) / std
    return dx, dgamma, dbeta


def layernorm_forward(x, gamma, beta, eps=1e-5):
    # Ba et al. 2016, section 3, equation 3: the statistics are those of one sample's features
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


class RobustMLP(nn.Module):
    def __init__(self, input_dim, hidden_dim, output_dim, dropout_rate=0.3):
        super().__init__()

        def hidden(n_in):
            return (
                nn.Linear(n_in, hidden_dim),
                nn.BatchNorm1d(hidden_dim),
                nn.ReLU(),
                nn.Dropout(dropout_rate),
            )

        self.layers = nn.Sequential(
            *hidden(input_dim), *hidden(hidden_dim), nn.Linear(hidden_dim, output_dim)
        )
        for layer in self.layers:
            if isinstance(layer, nn.Linear):
                # W ~ N(0, 2 / fan_in), He et al. 2015, section 2.2, equation 10
                nn.init.kaiming_normal_(layer.weight, mode="fan_in", nonlinearity="relu")

    def forward(self, x):
        return self.layers(x)
