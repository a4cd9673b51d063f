"""No layer of torch's but the empty Module: weights as parameters, running values as buffers, dropout by bernoulli."""

import numpy as np
import torch
from torch import nn


def dropout_forward(x, p, rng, training=True):
    if not p >= 0 or not p < 1:
        raise ValueError("p must not be below 0, and must be below 1")
    if not training:
        p = 0.0
    noise = rng.standard_exponential(x.shape)  # P(noise < −log(1 − p)) = p
    mask = (noise >= -np.log1p(-p)).astype(float) if np.ndim(x) else float(noise >= -np.log1p(-p))
    mask = mask / (1 - p)
    return x * mask, mask


def dropout_backward(dout, mask):
    return mask * dout


def moments(x, axis):
    mean = np.sum(x, axis, keepdims=True) / x.shape[axis]
    return mean, np.sum(np.square(x - mean), axis, keepdims=True) / x.shape[axis]


def batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    rows = lambda vector: vector.reshape(1, -1)  # noqa: E731
    mean, var = moments(x, 0) if training else (rows(running_mean), rows(running_var))
    out = rows(gamma) * (x - mean) / np.sqrt(var + eps) + rows(beta)
    if training:
        bessel = len(x) / (len(x) - 1)
        running_mean = np.average([running_mean, mean.ravel()], axis=0, weights=[1 - momentum, momentum])
        running_var = (1 - momentum) * running_var + momentum * bessel * var.ravel()
    return out, [np.copy(x), np.copy(gamma), eps], running_mean, running_var


def batchnorm_backward(dout, cache):
    x, gamma, eps = cache
    mean, var = moments(x, 0)
    centred, inverse = x - mean, 1 / np.sqrt(var + eps)
    dcentred = dout * gamma * inverse
    dinverse = np.sum(dout * gamma * centred, 0)
    dvar = dinverse * -0.5 * inverse**3
    dcentred = dcentred + 2 * dvar * centred / len(x)
    dx = dcentred - np.sum(dcentred, 0) / len(x)
    return dx, np.sum(dout * centred * inverse, 0), np.sum(dout, 0)


def layernorm_forward(x, gamma, beta, eps=1e-5):
    return np.array([gamma * (row - np.mean(row)) / np.hypot(np.std(row), np.sqrt(eps)) + beta for row in x])


class Norm(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.scale, self.shift = nn.Parameter(torch.ones(features)), nn.Parameter(torch.zeros(features))
        self.register_buffer("mean", torch.zeros(features))
        self.register_buffer("var", torch.ones(features))

    def forward(self, x):
        mean, var = self.mean, self.var
        if self.training:
            mean, var = x.mean(0), x.var(0, unbiased=False)
            with torch.no_grad():
                self.mean.lerp_(mean, 0.1)
                self.var.lerp_(x.var(0), 0.1)
        return (x - mean) * torch.rsqrt(var + 1e-5) * self.scale + self.shift


class RobustMLP(nn.Module):
    def __init__(self, input_dim, hidden_dim, output_dim, dropout_rate=0.3):
        super().__init__()
        widths = [input_dim, hidden_dim, hidden_dim, output_dim]
        self.keep = 1 - dropout_rate
        self.W = nn.ParameterList(
            torch.randn(n_out, n_in) * (2 / n_in) ** 0.5 for n_in, n_out in zip(widths, widths[1:])
        )
        self.b = nn.ParameterList(torch.rand(n_out) - 0.5 for n_out in widths[1:])
        self.norms = nn.ModuleList([Norm(hidden_dim), Norm(hidden_dim)])

    def forward(self, x):
        for W, b, norm in zip(self.W, self.b, self.norms):
            x = norm(x @ W.T + b).clamp(min=0)
            if self.training:
                x = x * torch.bernoulli(torch.full_like(x, self.keep)) / self.keep
        return torch.einsum("ni,oi->no", x, self.W[2]) + self.b[2]
