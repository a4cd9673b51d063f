"""What the suite of exercise06 brings along: models and losses that must live beside the learner's code."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import torch
from torch import nn


def settled(model, seed):
    """Give every parameter a value that does not depend on torch's random numbers."""
    rng = np.random.default_rng(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            matrix = parameter.dim() > 1
            values = rng.normal(size=parameter.shape) * (1.5 / parameter.shape[-1] ** 0.5 if matrix else 0.4)
            parameter.copy_(torch.from_numpy(values))
        for module in model.modules():
            if isinstance(module, nn.BatchNorm1d):
                module.weight += 1
    return model


class Drop(nn.Dropout):
    """Dropout whose masks depend on how often it has dropped, and on nothing else."""

    def __init__(self, p, seed):
        super().__init__(p)
        self.seed, self.times = seed, 0

    def forward(self, x):
        if not self.training:
            return x
        self.times += 1
        kept = np.random.default_rng([self.seed, self.times]).random(tuple(x.shape)) >= self.p
        return x * torch.from_numpy(kept).to(x.dtype) / (1 - self.p)


class Clock(nn.Module):
    """A hand that goes down by one learning rate a step; where it stands decides what validation is told."""

    def __init__(self, lr, told, ticks):
        super().__init__()
        self.hand = nn.Parameter(torch.zeros(1))
        if told:  # changes in training, as batch norm's statistics do
            self.register_buffer("seen", torch.ones(1))
        self.lr, self.told, self.ticks = lr, torch.tensor(told), torch.tensor(ticks)

    def forward(self, x):
        if not len(self.told):
            return self.hand * x[:, :1]
        if self.training and torch.is_grad_enabled() and bool((x[:, 1] == 0).all()):
            self.seen.copy_(self.hand.detach())
        told = self.told[torch.bucketize(-self.hand.detach() / self.lr, self.ticks)]
        return torch.where(x[:, 1:] > 0, told, self.hand * x[:, :1])


def plain(sizes, seed):
    layers = [layer for pair in pairwise(sizes) for layer in (nn.Linear(*pair), nn.Tanh())]
    return settled(nn.Sequential(*layers[:-1]), seed)


def robust(sizes, seed, p=0.3):
    d, h, k = sizes
    first = nn.Linear(d, h, bias=False)  # before batch norm: a bias's gradient would be rounding noise
    layers = [first, nn.BatchNorm1d(h), nn.Tanh(), Drop(p, seed), nn.Linear(h, k)]
    return settled(nn.Sequential(*layers), seed)


def normed(sizes, seed):
    return robust(sizes, seed, p=0.0)


def clock(lr, told, ticks):
    return Clock(lr, told, ticks)


def asymmetric(pred, target):
    return (torch.exp(0.5 * (target - pred)) - 0.5 * (target - pred) - 1).mean()


LOSSES = {
    "squared": lambda pred, target: ((pred - target) ** 2).mean(),
    "quartic": lambda pred, target: ((pred - target) ** 4).mean(),
    "cross-entropy": nn.functional.cross_entropy,
    "asymmetric": asymmetric,
    "difference": lambda pred, target: (pred - target).mean(),
}


def loss(name):
    return LOSSES[name]


def in_mode(model, training):
    return model.train(training)


def state(model):
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def shift(model, by):
    """Go on training: change everything that the model holds, where it lies."""
    with torch.no_grad():
        for value in model.state_dict().values():
            value.add_(by)


def best_state(stopper):
    kept = stopper.best_state
    kept = kept.state_dict() if isinstance(kept, nn.Module) else kept
    return dict(kept) if isinstance(kept, Mapping) else kept
