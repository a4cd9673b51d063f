"""No optimiser and no backward(): gradients asked for, moments kept by hand in the paper's other order of computation."""

import math

import torch


def step_decay(lr0, epoch, drop=0.1, every=10):
    while epoch >= every:
        lr0, epoch = lr0 * drop, epoch - every
    return lr0


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return lr_min + (lr_max - lr_min) * math.cos(0.5 * math.pi * epoch / T_max) ** 2


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    if warmup_steps and step < warmup_steps:
        return lr_max / warmup_steps * (1 + step)
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    return lr_max - (lr_max - lr_min) * (1 - math.cos(math.pi * progress)) / 2


class ReduceOnPlateau:
    def __init__(self, lr, factor=0.1, patience=10, min_lr=0.0):
        self.lr = lr
        self.factor = factor
        self.min_lr = min_lr
        self.allowed = self.left = patience
        self.best = None

    def step(self, val_loss):
        if not math.isnan(val_loss) and (self.best is None or val_loss < self.best):
            self.best = val_loss
            self.left = self.allowed
        elif self.left:
            self.left -= 1
        else:
            self.left = self.allowed
            self.lr = self.lr * self.factor
            if self.lr < self.min_lr:
                self.lr = self.min_lr
        return self.lr


def clip_grad_norm(grads, max_norm):
    flat = torch.cat([g.reshape(-1) for g in grads])
    norm = flat.norm()
    scale = torch.clamp(max_norm / (norm + 1e-6), max=1.0)
    return [g * scale for g in grads], norm


def clip_grad_value(grads, limit):
    return [torch.minimum(torch.maximum(g, torch.full_like(g, -limit)), torch.full_like(g, limit)) for g in grads]


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.best_loss = None
        self.best_epoch = -1
        self.best_state = None
        self.seen = 0

    def update(self, val_loss, model):
        now, self.seen = self.seen, self.seen + 1
        fell = float("inf") if self.best_loss is None else self.best_loss - val_loss
        if val_loss == val_loss and fell > self.min_delta:
            self.best_loss, self.best_epoch = val_loss, now
            self.best_state = {name: value.detach().clone() for name, value in model.state_dict().items()}
        return now - self.best_epoch >= self.patience


def train(model, X_train, y_train, X_val, y_val, *, loss_fn, epochs=50, lr=1e-3, max_norm=1.0, patience=5):
    weights = list(model.parameters())
    m = [torch.zeros_like(w) for w in weights]
    v = [torch.zeros_like(w) for w in weights]
    train_losses, val_losses, rates, norms = [], [], [], []
    best, best_epoch, snapshot = math.inf, 0, None
    for epoch in range(epochs):
        model.train()
        loss = loss_fn(model(X_train), y_train)
        grads = torch.autograd.grad(loss, weights)
        norm = math.sqrt(sum(g.pow(2).sum().item() for g in grads))
        rate = lr * (1 + math.cos(math.pi * epoch / epochs)) / 2
        t = epoch + 1
        with torch.no_grad():
            for w, g, mean, square in zip(weights, grads, m, v):
                if norm > max_norm:
                    g = g * max_norm / norm
                mean.mul_(0.9).add_(g, alpha=0.1)
                square.mul_(0.999).addcmul_(g, g, value=0.001)
                # "slightly more efficient": the corrections go into the rate, and eps is another eps
                w -= rate * math.sqrt(1 - 0.999**t) / (1 - 0.9**t) * mean / (square.sqrt() + 1e-8)
            model.eval()
            val = loss_fn(model(X_val), y_val).item()
        train_losses.append(loss.item())
        val_losses.append(val)
        rates.append(rate)
        norms.append(norm)
        if val < best:
            best, best_epoch = val, epoch
            snapshot = [t.clone() for t in (*model.parameters(), *model.buffers())]
        elif epoch - best_epoch >= patience:
            break
    with torch.no_grad():
        for kept, t in zip(snapshot, (*model.parameters(), *model.buffers())):
            t.copy_(kept)
    return {
        "train_loss": train_losses,
        "val_loss": val_losses,
        "lr": rates,
        "grad_norm": norms,
        "best_epoch": best_epoch,
        "stopped_epoch": len(rates) - 1,
    }
