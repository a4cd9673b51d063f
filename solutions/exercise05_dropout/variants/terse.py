"""As short as it gets: integers for coins, matrices for means, a model that is built from a string of layers."""

import numpy as np
import torch as t


def dropout_forward(x, p, rng, training=True):
    if min(max(p, 0.0), 1.0 - 2.0**-53) != p:
        raise ValueError(f"p={p}")
    mask = (rng.integers(0, 2**62, x.shape) >= p * 2**62) / (1 - p) if training else x**0
    return x * mask, np.asarray(mask)


def dropout_backward(dout, mask):
    return np.einsum("...,...->...", dout, mask)


def batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    m = momentum if training else 0
    mu, v = (x.mean(0), x.var(0)) if training else (running_mean, running_var)
    u = x.var(0, ddof=1) if training else v
    s = (v + eps) ** 0.5
    new = running_mean * (1 - m) + mu * m, running_var * (1 - m) + u * m
    return gamma * (x - mu) / s + beta, ((x - mu) / s, gamma / s), *new


def batchnorm_backward(dout, cache):
    h, k = cache
    dg, db = (dout * h).sum(0), dout.sum(0)
    return k * (dout - (db + h * dg) / len(h)), dg, db


def layernorm_forward(x, gamma, beta, eps=1e-5):
    c = x - x.mean(1)[:, None]
    return c / np.sqrt((c**2).mean(1) + eps)[:, None] * gamma + beta


class RobustMLP(t.nn.Module):
    def __init__(self, input_dim, hidden_dim, output_dim, dropout_rate=0.3):
        super().__init__()
        i, h, o, p = input_dim, hidden_dim, output_dim, dropout_rate
        for k, layer in enumerate(
            eval(
                "L(i,h) B(h) R() D(p) L(h,h) B(h) R() D(p) L(h,o)".replace(" ", ","),
                None,
                dict(i=i, h=h, o=o, p=p, L=t.nn.Linear, B=t.nn.BatchNorm1d, R=t.nn.ReLU, D=t.nn.Dropout),
            )
        ):
            self.add_module(str(k), layer)
            if hasattr(layer, "in_features"):
                t.nn.init.kaiming_normal_(layer.weight, a=0, nonlinearity="leaky_relu")

    def forward(self, x):
        for layer in self.children():
            x = layer(x)
        return x
