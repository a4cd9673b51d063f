"""What lives beside the learner's code in exercise05: generators, and models that are asked in arrays."""

import random

import numpy as np
import torch


def seed(number):
    random.seed(number)
    np.random.seed(number)
    torch.manual_seed(number)


def generator(number):
    return np.random.default_rng(number)


def lent(*arrays):
    """Hold arrays here."""
    return arrays


def plain(value):
    return value.detach().numpy().copy() if isinstance(value, torch.Tensor) else value


class Network:
    """A model that takes and gives arrays."""

    def __init__(self, model):
        self.model = model

    def parameters(self):
        return {name: plain(value) for name, value in self.model.named_parameters()}

    def state(self):
        return {name: plain(value) for name, value in self.model.state_dict().items()}

    def put(self, values):
        """Write values into parameters, by their names."""
        named = dict(self.model.named_parameters())
        with torch.no_grad():
            for name, value in values.items():
                named[name].copy_(torch.from_numpy(value))

    def load_state_dict(self, other):
        self.model.load_state_dict(other.model.state_dict())

    def train_mode(self, x):
        self.model.train()
        with torch.no_grad():
            return plain(self.model(torch.from_numpy(x)))

    def eval_mode(self, x):
        self.model.eval()
        with torch.no_grad():
            return plain(self.model(torch.from_numpy(x)))

    def train_until_nothing_moves(self, x):
        """Show one batch again and again, until it is all that the model remembers."""
        before = None
        for _ in range(3000):
            self.train_mode(x)
            now = torch.cat([v.flatten() for v in self.model.state_dict().values() if v.is_floating_point()])
            if before is not None and torch.allclose(now, before, rtol=1e-6, atol=1e-9):
                break
            before = now

    def gradients(self, x, upstream):
        self.model.train()
        self.model.zero_grad()
        # As a sum: a backward() that is handed an upstream gradient imports sympy, for a quarter second.
        (self.model(torch.from_numpy(x)) * torch.from_numpy(upstream)).sum().backward()
        return {name: None if p.grad is None else plain(p.grad) for name, p in self.model.named_parameters()}
