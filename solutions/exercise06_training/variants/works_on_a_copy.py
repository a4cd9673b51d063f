"""Trains a copy of the model with a fused optimiser and a closure, keeps whole models, and gives the best one's weights back."""

import copy
from itertools import count
from math import cos, inf, isnan, pi

import torch


def step_decay(lr0, epoch, drop=0.1, every=10):
    return lr0 if epoch < every else drop * step_decay(lr0, epoch - every, drop, every)


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    middle, half = (lr_max + lr_min) / 2, (lr_max - lr_min) / 2
    return middle + half * cos(pi * epoch / T_max)


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    return [lr_max * (s + 1) / warmup_steps for s in range(warmup_steps)][step] if step < warmup_steps else (
        cosine_annealing(lr_max, step - warmup_steps, total_steps - warmup_steps, lr_min)
    )


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10, min_lr=0.0):
        best, bad = inf, 0

        def step(val_loss):
            nonlocal lr, best, bad
            if isnan(val_loss) or val_loss >= best:
                bad += 1
                if bad == patience + 1:
                    bad, lr = 0, max(lr * factor, min_lr)
            else:
                best, bad = val_loss, 0
            return lr

        self.step = step


def clip_grad_norm(grads, max_norm):
    squares = 0.0
    for g in grads:
        squares += torch.dot(g.flatten(), g.flatten()).item()
    norm = squares**0.5
    shrink = min(1.0, max_norm / (norm + 1e-6))
    return list(map(lambda g: g * shrink, grads)), norm


def clip_grad_value(grads, limit):
    clipped = copy.deepcopy(grads)
    for g in clipped:
        g.clamp_(-limit, limit)
    return clipped


class EarlyStopping:
    best_loss, best_epoch, best_state = inf, None, None

    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.epochs, self.waited = count(), 0

    @property
    def over(self):
        return self.waited >= self.patience

    def update(self, val_loss, model):
        epoch = next(self.epochs)
        self.waited += 1
        if self.best_loss - val_loss > self.min_delta:
            self.best_loss, self.best_epoch, self.waited = val_loss, epoch, 0
            self.best_state = copy.deepcopy(model.state_dict())
        return self.over


def train(model, X_train, y_train, X_val, y_val, *, loss_fn, epochs=50, lr=1e-3, max_norm=1.0, patience=5):
    pupil = copy.deepcopy(model)
    optimizer = torch.optim.Adam(pupil.parameters(), lr=lr, fused=True)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    history = {"train_loss": [], "val_loss": [], "lr": [], "grad_norm": []}
    stopper, best = EarlyStopping(patience), None

    def closure():
        optimizer.zero_grad(set_to_none=False)
        loss = loss_fn(pupil(X_train), y_train)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(pupil.parameters(), max_norm=max_norm, norm_type=2.0)
        history["grad_norm"].append(norm.item())
        return loss

    for epoch in range(epochs):
        pupil.train()
        history["lr"].append(optimizer.param_groups[0]["lr"])
        history["train_loss"].append(optimizer.step(closure).item())
        scheduler.step()
        judge = copy.deepcopy(pupil).eval()
        with torch.no_grad():
            history["val_loss"].append(loss_fn(judge(X_val), y_val).item())
        stop = stopper.update(history["val_loss"][-1], judge)
        if stopper.best_epoch == epoch:
            best = judge
        if stop:
            break
    model.load_state_dict(best.state_dict())
    return {**history, "best_epoch": stopper.best_epoch, "stopped_epoch": epoch, "stopped": stop}
