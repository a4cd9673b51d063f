# %% [markdown]
# A notebook's way: small classes, a derived generator, everything from `torch.nn` imported by name.

# %%
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import BatchNorm1d, Dropout, Linear, Module, Parameter, ReLU
from torch.nn.init import calculate_gain, normal_

print("dropout and normalisation")


# %%
class Coins:
    """A generator of its own, but seeded from the one that was handed in."""

    def __init__(self, rng):
        self.rng = np.random.default_rng(rng.integers(2**63, size=4))

    def toss(self, shape, share):
        count = int(np.prod(shape))
        heads = np.zeros(count, bool)
        # As many as a binomial says, at places in random order: that is the same as one coin for each.
        heads[self.rng.permutation(count)[: self.rng.binomial(count, share)]] = True
        return heads.reshape(shape)


def dropout_forward(x, p, rng, training=True):
    try:
        assert 0 <= p < 1
    except AssertionError as error:
        raise ValueError(f"p: {p} is outside of [0, 1)") from error
    if not training:
        return x.copy(), np.ones(x.shape, dtype=int)
    mask = np.where(Coins(rng).toss(x.shape, p), 0.0, 1.0 / (1.0 - p))
    return np.where(mask > 0, x / (1.0 - p), 0.0), mask


def dropout_backward(dout, mask):
    dx = dout.copy()
    dx[mask == 0] = 0
    return dx * mask.max() if mask.size else dx


# %%
@dataclass
class Seen:
    x: np.ndarray
    mean: np.ndarray
    var: np.ndarray
    gamma: np.ndarray
    eps: float

    @property
    def scale(self):
        return np.power(self.var + self.eps, -0.5)

    @property
    def x_hat(self):
        return (self.x - self.mean) * self.scale

    def jacobian(self):
        """One matrix for each feature: how each x̂ of a column moves with each x of it."""
        n = len(self.x)
        ours = np.einsum("if,jf->fij", self.x_hat, self.x_hat)
        return (np.eye(n) - 1 / n - ours / n) * self.scale[:, None, None]


def batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    if training:
        seen = Seen(x, np.mean(x, 0), np.var(x, 0), gamma, eps)
        unbiased = np.cov(x, rowvar=False).reshape(len(gamma), -1).diagonal()
        running_mean = momentum * seen.mean + (1 - momentum) * running_mean
        running_var = momentum * unbiased + (1 - momentum) * running_var
    else:
        seen = Seen(x, running_mean, running_var, gamma, eps)
    return seen.x_hat * gamma + beta, seen, running_mean, running_var


def batchnorm_backward(dout, cache):
    dx = np.einsum("fij,if->jf", cache.jacobian(), dout * cache.gamma)
    return dx, np.einsum("nf,nf->f", dout, cache.x_hat), dout.T @ np.ones(len(dout))


def layernorm_forward(x, gamma, beta, eps=1e-5):
    out, *_ = batchnorm_forward(
        x.T, np.ones(len(x)), np.zeros(len(x)), x.mean(1), x.var(1), training=False, eps=eps
    )
    return out.T * gamma + beta


# %%
class HeLinear(Linear):
    def reset_parameters(self):
        super().reset_parameters()
        normal_(self.weight, std=calculate_gain("relu") / self.in_features**0.5)


class RobustMLP(Module):
    def __init__(self, input_dim, hidden_dim, output_dim, dropout_rate=0.3):
        Module.__init__(self)
        self.out = HeLinear(hidden_dim, output_dim)
        self.norm2, self.hidden2 = BatchNorm1d(hidden_dim), HeLinear(hidden_dim, hidden_dim)
        self.norm1, self.hidden1 = BatchNorm1d(hidden_dim), HeLinear(input_dim, hidden_dim)
        self.relu, self.drop1, self.drop2 = ReLU(), Dropout(dropout_rate), Dropout(dropout_rate)
        self.temperature = Parameter(torch.ones(()), requires_grad=False)

    def forward(self, x):
        first = self.drop1(self.relu(self.norm1(self.hidden1(x))))
        second = self.drop2(self.relu(self.norm2(self.hidden2(first))))
        return self.out(second)
