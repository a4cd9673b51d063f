"""torch does the differentiating: the cache is its graph. Masks by choice, weights by NumPy."""

import math

import numpy as np
import torch
from torch import nn


def dropout_forward(x, p, rng, training=True):
    if p >= 1.0 or p < 0.0:
        raise ValueError("p")
    if training:
        mask = rng.choice([0.0, 1.0 / (1.0 - p)], size=x.shape, p=[p, 1.0 - p])
    else:
        mask = np.ones(x.shape)
    return x * mask, mask


def dropout_backward(dout, mask):
    x = torch.zeros(dout.shape, dtype=torch.float64, requires_grad=True)
    (dx,) = torch.autograd.grad(x * torch.as_tensor(mask), x, torch.as_tensor(dout))
    return dx.numpy()


def batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    tensors = [torch.tensor(array, requires_grad=True) for array in (x, gamma, beta)]
    new_mean, new_var = torch.tensor(running_mean), torch.tensor(running_var)
    out = nn.functional.batch_norm(
        tensors[0], new_mean, new_var, tensors[1], tensors[2], training=training, momentum=momentum, eps=eps
    )
    return out.detach().numpy(), (out, tensors), new_mean.numpy(), new_var.numpy()


def batchnorm_backward(dout, cache):
    out, tensors = cache
    grads = torch.autograd.grad(out, tensors, torch.tensor(dout), retain_graph=True)
    return tuple(grad.numpy() for grad in grads)


def layernorm_forward(x, gamma, beta, eps=1e-5):
    x, gamma, beta = map(torch.from_numpy, (x, gamma, beta))
    return torch.layer_norm(x, x.shape[1:], gamma, beta, eps).numpy()


class RobustMLP(nn.Module):
    """A list of layers, told apart in forward; the weights come from NumPy, the biases are 0.01."""

    def __init__(self, input_dim, hidden_dim, output_dim, dropout_rate=0.3):
        super().__init__()
        sizes = [input_dim, hidden_dim, hidden_dim, output_dim]
        self.linears = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes[:-1], sizes[1:], strict=True))
        self.norms = nn.ModuleDict({f"after_{i}": nn.BatchNorm1d(hidden_dim) for i in range(2)})
        self.drop = nn.Dropout(dropout_rate, inplace=True)
        for linear in self.linears:
            drawn = np.random.normal(0, math.sqrt(2 / linear.in_features), linear.weight.shape)
            linear.weight = nn.Parameter(torch.tensor(drawn, dtype=torch.float32))
            nn.init.constant_(linear.bias, 0.01)

    def forward(self, x):
        for i, linear in enumerate(self.linears):
            x = linear(x)
            if i < 2:
                x = self.drop(torch.relu_(self.norms[f"after_{i}"](x)))
        return x
