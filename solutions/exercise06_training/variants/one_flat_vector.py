"""All weights as one vector: one gradient, one norm, one Adam; a schedule that is looked up in a table."""

import math

import torch
from torch.nn.utils import parameters_to_vector, vector_to_parameters


def step_decay(lr0, epoch, drop=0.1, every=10):
    return lr0 * math.exp(math.log(drop) * math.floor(epoch / every))


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return lr_max - (lr_max - lr_min) * math.sin(math.pi * epoch / (2 * T_max)) ** 2


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    match step < warmup_steps:
        case True:
            return lr_max * (step + 1) / warmup_steps
        case False:
            return cosine_annealing(lr_max, step - warmup_steps, total_steps - warmup_steps, lr_min)


class Best:
    """The lowest number so far, and how many have come since."""

    def __init__(self, min_delta=0.0):
        self.value, self.at, self.seen, self.since, self.min_delta = math.inf, None, 0, 0, min_delta

    def add(self, value):
        better = value < self.value - self.min_delta
        if better:
            self.value, self.at, self.since = value, self.seen, 0
        else:
            self.since += 1
        self.seen += 1
        return better


class ReduceOnPlateau(Best):
    def __init__(self, lr, factor=0.1, patience=10, min_lr=0.0):
        super().__init__()
        self.lr, self.factor, self.patience, self.min_lr = lr, factor, patience, min_lr

    def step(self, val_loss):
        self.add(val_loss)
        if self.since == 1 + self.patience:
            self.lr = max(self.lr * self.factor, self.min_lr)
            self.since = 0
        return self.lr


def _cut(vector, like):
    pieces = vector.split([t.numel() for t in like])
    return [piece.view(t.shape) for piece, t in zip(pieces, like)]


def clip_grad_norm(grads, max_norm):
    vector = torch.cat([g.flatten() for g in grads])
    norm = torch.linalg.norm(vector).item()
    return _cut(vector * (max_norm / max(norm, max_norm)), grads), norm


def clip_grad_value(grads, limit):
    return _cut(torch.cat([g.flatten() for g in grads]).clamp(-limit, limit), grads)


class EarlyStopping(Best):
    def __init__(self, patience, min_delta=0.0):
        super().__init__(min_delta)
        self.patience = patience

    best_loss = property(lambda self: self.value)
    best_epoch = property(lambda self: self.at)

    def update(self, val_loss, model):
        if self.add(val_loss):
            self.best_state = {name: tensor.detach() + 0 for name, tensor in model.state_dict().items()}
        return self.since >= self.patience


def train(model, X_train, y_train, X_val, y_val, *, loss_fn, epochs=50, lr=1e-3, max_norm=1.0, patience=5):
    rates = [cosine_annealing(lr, epoch, epochs) for epoch in range(epochs)]
    m = v = 0
    losses, val_losses, norms = [], [], []
    stopper = EarlyStopping(patience)
    for t, rate in enumerate(rates, start=1):
        for p in model.parameters():
            p.grad = None
        model.train(True)
        loss = loss_fn(model(X_train), y_train)
        loss.backward()
        with torch.no_grad():
            (g,), norm = clip_grad_norm([parameters_to_vector([p.grad for p in model.parameters()])], max_norm)
            m, v = 0.9 * m + (1 - 0.9) * g, 0.999 * v + (1 - 0.999) * g**2
            step = (m / (1 - 0.9**t)) / ((v / (1 - 0.999**t)) ** 0.5 + 1e-8)
            vector_to_parameters(parameters_to_vector(model.parameters()) - rate * step, model.parameters())
            model.train(False)
            val_loss = float(loss_fn(model(X_val), y_val))
        losses.append(float(loss.detach()))
        val_losses.append(val_loss)
        norms.append(norm)
        if stopper.update(val_loss, model):
            break
    model.load_state_dict(stopper.best_state)
    return dict(
        train_loss=losses,
        val_loss=val_losses,
        grad_norm=norms,
        lr=rates[: len(losses)],
        best_epoch=stopper.best_epoch,
        stopped_epoch=len(losses) - 1,
    )
