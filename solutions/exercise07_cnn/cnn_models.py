"""What the hidden suite brings into the worker: models to train, and what it asks of the learner's.

It runs there beside the learner's file, which can read it: there are no answers in here.
"""

import torch
from torch import nn


def is_module(model):
    """Say whether something is a module."""
    return isinstance(model, nn.Module)


def counted(model):
    """Count the parameters of a model that has run once: layers may wait for that."""
    return sum(parameter.numel() for parameter in model.parameters())


def strangers(model, x):
    """Count the weights that a forward pass uses and `parameters()` does not list."""
    known = {id(parameter) for parameter in model.parameters()}
    out = model.train()(x.clone())
    waiting, met, found = [out.grad_fn], set(), set()
    while waiting:
        node = waiting.pop()
        if node is None or node in met:
            continue
        met.add(node)
        waiting += [parent for parent, _ in node.next_functions]
        if hasattr(node, "variable") and id(node.variable) not in known:
            found.add(id(node.variable))
    return len(found)


def enlarged(model, size):
    """Add large numbers to every parameter of a model, also where they are all zero."""
    torch.manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(size * torch.randn_like(parameter))


def set_mode(model, training):
    """Put a model into training or evaluation mode."""
    model.train(training)


def modes_of(model):
    """List for a model and all in it whether they are in training mode."""
    return [module.training for module in model.modules()]


def moved(model, name):
    """Move a model."""
    model.to(name)


def lies_on(model):
    """Name the devices that a model's parameters lie on."""
    return sorted({parameter.device.type for parameter in model.parameters()})


def logits(model, x):
    """Give a model's logits in evaluation mode, where it lies."""
    was_training, where = model.training, next(model.parameters()).device
    model.eval()
    with torch.no_grad():
        out = torch.cat([model(part.to(where)) for part in x.split(100)]).cpu()
    model.train(was_training)
    return out


def weights(model):
    """Give all of a model's parameters as one vector."""
    return torch.cat([parameter.detach().cpu().flatten() for parameter in model.parameters()])


def gradient_norm(model):
    """Give the norm of what lies in `.grad`."""
    grads = [p.grad.detach().flatten() for p in model.parameters() if p.grad is not None]
    return float(torch.cat(grads).norm()) if grads else 0.0


def start(seed, dropout=0.0):
    """Make a small model to train: linear, with dropout on its pixels if asked for."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Flatten(), nn.Dropout(dropout), nn.Linear(64, 10))


class Watched(nn.Module):
    """A linear model that knows of each gradient that came back: in which mode it was, for which images."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(64, 10)
        self.modes = []
        self.images = set()

    def forward(self, x):
        out = self.linear(x.flatten(1))
        if out.requires_grad:
            training, images = self.training, {str(image) for image in x.detach().flatten(1).tolist()}
            out.register_hook(lambda gradient: self._learned(training, images))
        return out

    def _learned(self, training, images):
        self.modes.append(training)
        self.images |= images


def met(model):
    """Count the images that a model that watches has learned from."""
    return len(model.images)


def watched(seed):
    """Make a model that watches."""
    torch.manual_seed(seed)
    return Watched()


class Mirror(nn.Module):
    """Its logits are the first pixels of the image, and others as long as it is in training mode."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(()))
        self.inner = nn.Dropout(0.5)
        self.graphs = 0

    def forward(self, x):
        out = x.flatten(1)[:, :10] * self.scale
        self.graphs += out.requires_grad
        return -out if self.training or self.inner.training else out


def mirror(training):
    """Make a mirror in one of the two modes."""
    return Mirror().train(training)


def untouched(model):
    """Say whether a model's parameters still ask for gradients, and have none."""
    return all(parameter.requires_grad and parameter.grad is None for parameter in model.parameters())
