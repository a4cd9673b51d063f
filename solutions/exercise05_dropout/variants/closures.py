"""Binomial coins, one-pass variances, closures as caches, and blocks that initialise themselves."""

import numpy as np
from torch import nn


def check_p(p):
    if not (0 <= p < 1):
        raise ValueError(f"`p` = {p!r} is no probability of dropping")


def dropout_forward(x, p, rng, training=True):
    check_p(p)
    keep = 1.0 - p if training else 1.0
    mask = np.asarray(rng.binomial(1, keep, size=x.shape) / keep)
    return np.multiply(x, mask), mask


def dropout_backward(dout, mask):
    return np.multiply(mask, dout)


def batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    n = x.shape[0]

    def backward(dout):
        # Three roads to x: directly, through the variance, and through the mean.
        centred = x - mean
        dx_hat = dout * gamma
        dvar = -0.5 * (dx_hat * centred).sum(0) * (var + eps) ** -1.5
        dmean = -dx_hat.sum(0) / np.sqrt(var + eps) - 2.0 * dvar * centred.mean(0)
        dx = dx_hat / np.sqrt(var + eps) + dvar * 2.0 * centred / n + dmean / n
        return dx, (dout * centred / np.sqrt(var + eps)).sum(0), dout.sum(0)

    if not training:
        scale = gamma / np.sqrt(running_var + eps)
        return x * scale + (beta - running_mean * scale), None, running_mean, running_var
    mean = np.average(x, axis=0)
    var = np.average(x * x, axis=0) - mean * mean
    unbiased = var * (n / (n - 1))
    new_mean = running_mean - momentum * (running_mean - mean)
    new_var = running_var - momentum * (running_var - unbiased)
    return (x - mean) * (var + eps) ** -0.5 * gamma + beta, backward, new_mean, new_var


def batchnorm_backward(dout, cache):
    return cache(dout)


def layernorm_forward(x, gamma, beta, eps=1e-5):
    d = x.shape[1]
    mean = x @ np.ones(d) / d
    var = np.einsum("nd,nd->n", x, x) / d - mean**2
    return ((x.T - mean) / np.sqrt(var + eps)).T * gamma + beta


class Block(nn.Sequential):
    def __init__(self, n_in, n_out, p):
        super().__init__(nn.Linear(n_in, n_out, bias=False), nn.BatchNorm1d(n_out), nn.ReLU(), nn.Dropout(p))


def kaiming(module):
    if isinstance(module, nn.Linear):
        std = (2.0 / module.in_features) ** 0.5
        module.weight.data.normal_(0.0, std)


class RobustMLP(nn.Sequential):
    def __init__(self, input_dim, hidden_dim, output_dim, dropout_rate=0.3):
        super().__init__(
            Block(input_dim, hidden_dim, dropout_rate),
            Block(hidden_dim, hidden_dim, dropout_rate),
            nn.Linear(hidden_dim, output_dim),
        )
        self.apply(kaiming)
