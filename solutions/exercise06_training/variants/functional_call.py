"""Weights as a dict that is replaced and never changed; the model gets them at the very end."""

import math
from functools import reduce

import torch
from torch.func import functional_call


def step_decay(lr0, epoch, drop=0.1, every=10):
    return reduce(lambda rate, _: rate * drop, range(epoch // every), lr0)


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    share = (1 + math.cos(math.pi * (epoch / T_max))) / 2
    return lr_max * share + lr_min * (1 - share)


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    annealed = step - warmup_steps
    return (
        cosine_annealing(lr_max, annealed, total_steps - warmup_steps, lr_min)
        if annealed >= 0
        else lr_max * (annealed + 1 + warmup_steps) / warmup_steps
    )


def _plateau(lr, factor, patience, min_lr):
    best, count = float("inf"), 0
    val_loss = yield
    while True:
        count = 0 if val_loss < best else count + 1
        best = val_loss if val_loss < best else best
        if count > patience:
            lr, count = max(min_lr, lr * factor), 0
        val_loss = yield lr


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10, min_lr=0.0):
        self.generator = _plateau(lr, factor, patience, min_lr)
        next(self.generator)

    def step(self, val_loss):
        return self.generator.send(val_loss)


def clip_grad_norm(grads, max_norm):
    norm = math.hypot(*(value for g in grads for value in g.flatten().tolist()))
    return [g if norm <= max_norm else g.div(norm).mul(max_norm) for g in grads], norm


def clip_grad_value(grads, limit):
    return [g.clamp(min=-limit).clamp(max=limit) for g in grads]


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.counter, self.count = patience, min_delta, 0, -1
        self.best_loss = self.best_epoch = self.best_state = None

    def improves(self, val_loss):
        if math.isnan(val_loss):
            return False
        return self.best_loss is None or val_loss + self.min_delta < self.best_loss

    def update(self, val_loss, model):
        self.count += 1
        if not self.improves(val_loss):
            self.counter += 1
            if self.counter == self.patience:
                return True
            return None
        self.counter = 0
        self.best_loss, self.best_epoch = val_loss, self.count
        self.best_state = type(model.state_dict())((k, torch.clone(v)) for k, v in model.state_dict().items())
        return False


def train(model, X_train, y_train, X_val, y_val, *, loss_fn, epochs=50, lr=1e-3, max_norm=1.0, patience=5):
    params = {name: p.detach().clone() for name, p in model.named_parameters()}
    mean = square = dict.fromkeys(params, 0.0)
    history = {key: [] for key in ("train_loss", "val_loss", "lr", "grad_norm")}
    best = (math.inf, -1, None, None)
    for epoch in range(epochs):
        params = {name: p.requires_grad_() for name, p in params.items()}
        model.train()
        loss = loss_fn(functional_call(model, params, (X_train,)), y_train)
        grads, norm = clip_grad_norm(torch.autograd.grad(loss, tuple(params.values())), max_norm)
        grads = dict(zip(params, grads))
        rate = cosine_annealing(lr, epoch, epochs)
        mean = {name: 0.9 * mean[name] + 0.1 * g for name, g in grads.items()}
        square = {name: 0.999 * square[name] + 0.001 * g * g for name, g in grads.items()}
        params = {
            name: p.detach()
            - rate * (mean[name] / (1 - 0.9 ** (epoch + 1)))
            / (torch.sqrt(square[name] / (1 - 0.999 ** (epoch + 1))) + 1e-8)
            for name, p in params.items()
        }
        model.eval()
        val_loss = loss_fn(functional_call(model, params, (X_val,)), y_val).item()
        for key, value in {"train_loss": loss.item(), "val_loss": val_loss, "lr": rate, "grad_norm": norm}.items():
            history[key] += [value]
        if val_loss < best[0]:
            best = (val_loss, epoch, params, {name: b.clone() for name, b in model.named_buffers()})
        if epoch - best[1] >= patience:
            break
    model.load_state_dict({**best[2], **best[3]})
    return history | {"best_epoch": best[1], "stopped_epoch": epoch}
