"""Everything that PyTorch has ready-made, put behind the names that are asked for."""

from copy import deepcopy

import torch
from torch import nn, optim
from torch.optim import lr_scheduler


def _rate(make, times, lr):
    optimizer = optim.SGD([nn.Parameter(torch.zeros(()))], lr=lr)
    scheduler = make(optimizer)
    for _ in range(times):
        optimizer.step()
        scheduler.step()
    return scheduler.get_last_lr()[0]


def step_decay(lr0, epoch, drop=0.1, every=10):
    return _rate(lambda o: lr_scheduler.StepLR(o, every, gamma=drop), epoch, lr0)


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return _rate(lambda o: lr_scheduler.CosineAnnealingLR(o, T_max, eta_min=lr_min), epoch, lr_max)


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    if step >= warmup_steps:
        return cosine_annealing(lr_max, step - warmup_steps, total_steps - warmup_steps, lr_min)
    return _rate(lambda o: lr_scheduler.LambdaLR(o, lambda s: (s + 1) / warmup_steps), step, lr_max)


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10, min_lr=0.0):
        self.optimizer = optim.SGD([nn.Parameter(torch.zeros(()))], lr=lr)
        self.scheduler = lr_scheduler.ReduceLROnPlateau(
            self.optimizer, factor=factor, patience=patience, min_lr=min_lr, threshold=0.0, eps=0.0
        )

    def step(self, val_loss):
        self.scheduler.step(val_loss)
        return self.optimizer.param_groups[0]["lr"]


def clip_grad_norm(grads, max_norm):
    params = [nn.Parameter(torch.zeros_like(g)) for g in grads]
    for p, g in zip(params, grads):
        p.grad = g.clone()
    norm = nn.utils.clip_grad_norm_(params, max_norm)
    return [p.grad for p in params], norm


def clip_grad_value(grads, limit):
    params = [nn.Parameter(torch.zeros_like(g)) for g in grads]
    for p, g in zip(params, grads):
        p.grad = g.clone()
    nn.utils.clip_grad_value_(params, limit)
    return tuple(p.grad for p in params)


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best_loss = float("inf")
        self.wait = 0
        self.epoch = 0

    def update(self, val_loss, model):
        self.wait += 1
        if val_loss < self.best_loss - self.min_delta:
            self.wait = 0
            self.best_loss = val_loss
            self.best_epoch = self.epoch
            self.best_state = deepcopy(model).state_dict()
        self.epoch += 1
        return self.wait >= self.patience


def train(model, X_train, y_train, X_val, y_val, *, loss_fn, epochs=50, lr=1e-3, max_norm=1.0, patience=5):
    optimizer = optim.Adam(model.parameters(), lr=lr, foreach=True)
    scheduler = lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    stopping = EarlyStopping(patience)
    history = {"train_loss": [], "val_loss": [], "lr": [], "grad_norm": []}
    for epoch in range(epochs):
        model.train()
        loss = loss_fn(model(X_train), y_train)
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()
        history["lr"].append(scheduler.get_last_lr()[0])
        scheduler.step()
        model.eval()
        with torch.no_grad():
            val_loss = loss_fn(model(X_val), y_val)
        history["train_loss"].append(loss.item())
        history["val_loss"].append(val_loss.item())
        history["grad_norm"].append(norm.item())
        if stopping.update(val_loss.item(), model):
            break
    model.load_state_dict(stopping.best_state)
    history.update(best_epoch=stopping.best_epoch, stopped_epoch=epoch)
    return history
