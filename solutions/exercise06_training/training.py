"""Training: learning-rate schedules, gradient clipping, early stopping, the complete loop."""

import copy
import math

import torch


def step_decay(lr0, epoch, drop=0.1, every=10):
    return lr0 * drop ** (epoch // every)


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    # lr = lr_min + ½(lr_max − lr_min)(1 + cos(π·epoch/T_max))
    # Loshchilov and Hutter, SGDR, ICLR 2017, equation 5.
    return lr_min + 0.5 * (lr_max - lr_min) * (1.0 + math.cos(math.pi * epoch / T_max))


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    if step < warmup_steps:
        return lr_max * (step + 1) / warmup_steps
    return cosine_annealing(lr_max, step - warmup_steps, total_steps - warmup_steps, lr_min)


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10, min_lr=0.0):
        self.lr, self.factor, self.patience, self.min_lr = lr, factor, patience, min_lr
        self.best, self.bad = math.inf, 0

    def step(self, val_loss):
        if val_loss < self.best:  # false for NaN
            self.best, self.bad = val_loss, 0
        else:
            self.bad += 1
        if self.bad > self.patience:
            self.lr, self.bad = max(self.lr * self.factor, self.min_lr), 0
        return self.lr


def clip_grad_norm(grads, max_norm):
    # g ← g · max_norm/‖g‖ where ‖g‖ > max_norm, with ‖g‖ over all tensors at once
    # Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013, algorithm 1.
    total_norm = math.sqrt(sum(float((g * g).sum()) for g in grads))
    if total_norm <= max_norm:
        return list(grads), total_norm
    return [g * (max_norm / total_norm) for g in grads], total_norm


def clip_grad_value(grads, limit):
    return [g.clamp(-limit, limit) for g in grads]


class EarlyStopping:
    # Goodfellow, Bengio and Courville, Deep Learning, 2016, algorithm 7.1.
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta = patience, min_delta
        self.best_loss, self.best_epoch, self.best_state = math.inf, None, None
        self.epoch, self.bad = -1, 0

    def update(self, val_loss, model):
        self.epoch += 1
        if val_loss < self.best_loss - self.min_delta:  # false for NaN
            self.best_loss, self.best_epoch, self.bad = val_loss, self.epoch, 0
            self.best_state = copy.deepcopy(model.state_dict())  # state_dict() itself changes with the model
        else:
            self.bad += 1
        return self.bad >= self.patience


def train(model, X_train, y_train, X_val, y_val, *, loss_fn, epochs=50, lr=1e-3, max_norm=1.0, patience=5):
    # Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1.
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    stopper = EarlyStopping(patience)
    history = {"train_loss": [], "val_loss": [], "lr": [], "grad_norm": []}

    for epoch in range(epochs):
        rate = cosine_annealing(lr, epoch, epochs)
        for group in optimizer.param_groups:
            group["lr"] = rate

        model.train()  # dropout drops, batch norm uses the batch and remembers it
        optimizer.zero_grad()
        train_loss = loss_fn(model(X_train), y_train)
        train_loss.backward()
        params = list(model.parameters())
        clipped, grad_norm = clip_grad_norm([p.grad for p in params], max_norm)
        for p, grad in zip(params, clipped, strict=True):
            p.grad = grad
        optimizer.step()

        model.eval()
        with torch.no_grad():
            val_loss = loss_fn(model(X_val), y_val)

        for key, value in zip(history, (train_loss.item(), val_loss.item(), rate, grad_norm), strict=True):
            history[key].append(value)
        if stopper.update(val_loss.item(), model):
            break

    model.load_state_dict(stopper.best_state)
    return {**history, "best_epoch": stopper.best_epoch, "stopped_epoch": epoch}
