"""Plain Python: a coin for each element in a loop, sums in loops, layers as attributes, functions from torch."""

import math

import numpy as np
import torch
import torch.nn.functional as F


def dropout_forward(x, p, rng, training=True):
    if p < 0 or p >= 1:
        raise ValueError("the drop probability p has to be at least 0 and below 1")
    mask = np.empty(x.shape)
    out = np.empty(x.shape)
    for index in np.ndindex(*x.shape):
        keep = not training or rng.uniform() > p
        mask[index] = (1 / (1 - p) if training else 1) if keep else 0
        out[index] = x[index] * mask[index]
    return out, mask


def dropout_backward(dout, mask):
    dx = np.zeros(dout.shape)
    for index in np.ndindex(*dout.shape):
        if mask[index]:
            dx[index] = dout[index] * mask[index]
    return dx


def mean(values):
    return sum(values) / len(values)


def batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    n, d = x.shape
    out = np.zeros((n, d))
    new_mean, new_var = running_mean.copy(), running_var.copy()
    cache = {"x_hat": np.zeros((n, d)), "std": [0.0] * d, "gamma": list(gamma)}
    for j in range(d):
        column = [float(value) for value in x[:, j]]
        if training:
            mu = mean(column)
            var = mean([(value - mu) ** 2 for value in column])
            new_mean[j] += momentum * (mu - new_mean[j])
            new_var[j] += momentum * (var * n / (n - 1) - new_var[j])
        else:
            mu, var = running_mean[j], running_var[j]
        cache["std"][j] = math.sqrt(var + eps)
        for i in range(n):
            cache["x_hat"][i, j] = (column[i] - mu) / cache["std"][j]
            out[i, j] = gamma[j] * cache["x_hat"][i, j] + beta[j]
    return [out, cache, new_mean, new_var]


def batchnorm_backward(dout, cache):
    n, d = dout.shape
    dx, dgamma, dbeta = np.zeros((n, d)), np.zeros(d), np.zeros(d)
    x_hat, std, gamma = cache["x_hat"], cache["std"], cache["gamma"]
    for j in range(d):
        for i in range(n):
            dgamma[j] += dout[i, j] * x_hat[i, j]
            dbeta[j] += dout[i, j]
        for i in range(n):
            dx[i, j] = gamma[j] / (n * std[j]) * (n * dout[i, j] - dbeta[j] - x_hat[i, j] * dgamma[j])
    return [dx, dgamma, dbeta]


def layernorm_forward(x, gamma, beta, eps=1e-5):
    out = np.zeros(x.shape)
    for i, row in enumerate(x.tolist()):
        mu = mean(row)
        std = math.sqrt(mean([(value - mu) ** 2 for value in row]) + eps)
        for j, value in enumerate(row):
            out[i, j] = (value - mu) / std * gamma[j] + beta[j]
    return out


class RobustMLP(torch.nn.Module):
    def __init__(self, input_dim, hidden_dim, output_dim, dropout_rate=0.3):
        super().__init__()
        self.fc1 = torch.nn.Linear(input_dim, hidden_dim)
        self.fc2 = torch.nn.Linear(hidden_dim, hidden_dim)
        self.fc3 = torch.nn.Linear(hidden_dim, output_dim)
        self.bn1 = torch.nn.BatchNorm1d(hidden_dim)
        self.bn2 = torch.nn.BatchNorm1d(hidden_dim)
        self.p = dropout_rate
        for fc in (self.fc1, self.fc2, self.fc3):
            torch.nn.init.kaiming_normal_(fc.weight)
            torch.nn.init.zeros_(fc.bias)

    def forward(self, x):
        x = F.dropout(F.relu(self.bn1(self.fc1(x))), p=self.p, training=self.training)
        x = F.dropout(F.relu(self.bn2(self.fc2(x))), p=self.p, training=self.training)
        return self.fc3(x)


if __name__ == "__main__":
    print(RobustMLP(4, 8, 3))
