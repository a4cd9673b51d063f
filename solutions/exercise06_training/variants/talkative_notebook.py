# %% [markdown]
# A notebook's way: NumPy where it is handy, much is printed, more is recorded than was asked for, and what can be looked at
# is looked at twice.

# %%
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(1234)


# %%
def step_decay(lr0, epoch, drop=0.1, every=10):
    return np.float64(lr0) * np.power(drop, np.floor_divide(epoch, every))


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    wave = np.cos(np.pi * np.arange(T_max + 1) / T_max)
    return np.interp(wave, [-1, 1], [lr_min, lr_max])[epoch]


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    up = lr_max * np.arange(1, warmup_steps + 1) / max(warmup_steps, 1)
    steps = total_steps - warmup_steps
    down = [cosine_annealing(lr_max, s, steps, lr_min) for s in range(steps + 1)]
    return np.concatenate([up, down])[step]


# %%
@dataclass
class ReduceOnPlateau:
    lr: float
    factor: float = 0.1
    patience: int = 10
    min_lr: float = 0.0
    history: list = field(default_factory=list)
    since: int = 0

    def step(self, val_loss):
        best = np.nanmin([np.inf, *self.history])
        self.history.append(val_loss)
        self.since = 0 if val_loss < best else self.since + 1
        if self.since > self.patience:
            self.since = 0
            self.lr = max(self.min_lr, self.factor * self.lr)
            print(f"lowering the rate to {self.lr}")
        return np.asarray(self.lr)


def clip_grad_norm(grads, max_norm):
    norm = np.sqrt(sum(np.sum(np.square(g.numpy().astype(np.float64))) for g in grads))
    if norm > max_norm:
        print(f"clipping {norm:.3f} to {max_norm}")
        return tuple(g / float(norm) * max_norm for g in grads), norm
    return tuple(g.clone() for g in grads), norm


def clip_grad_value(grads, limit):
    return [torch.clip(g, min=-limit, max=limit) for g in grads]


@dataclass
class EarlyStopping:
    patience: int
    min_delta: float = 0.0
    best_loss: float = np.inf
    best_epoch: Any = None
    best_state: Any = None
    losses: list = field(default_factory=list)
    reference: int = -1

    def update(self, val_loss, model):
        self.losses.append(val_loss)
        index = len(self.losses) - 1
        if np.less(val_loss, self.best_loss - self.min_delta):
            self.best_loss, self.best_epoch, self.reference = np.float64(val_loss), np.int64(index), index
            self.best_state = {k: torch.from_numpy(np.array(v)) for k, v in model.state_dict().items()}
        return np.bool_(index - self.reference >= self.patience)


# %%
def evaluate(model, X, y, loss_fn):
    was = model.training
    model.eval()
    with torch.no_grad():
        loss = loss_fn(model(X), y)
    model.train(was)
    return float(loss)


def train(model, X_train, y_train, X_val, y_val, *, loss_fn, epochs=50, lr=1e-3, max_norm=1.0, patience=5):
    log = defaultdict(list)
    stopper = EarlyStopping(patience)
    optimizer = torch.optim.Adam(params=[{"params": [p]} for p in model.parameters()], lr=lr)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda e: (1 + np.cos(np.pi * e / epochs)) / 2)
    print("before training:", evaluate(model, X_val, y_val, loss_fn))
    for epoch in range(epochs):
        model.train()
        for X, y in DataLoader(TensorDataset(X_train, y_train), batch_size=len(X_train), shuffle=False):
            loss = loss_fn(model(X), y)
            loss.backward()
            log["lr"].append(optimizer.param_groups[0]["lr"])
            norm = torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm, foreach=False)
            log["grad_norm"].append(float(norm))
            optimizer.step()
            optimizer.zero_grad()
        schedule.step()
        log["train_loss"].append(loss.item())
        log["val_loss"].append(evaluate(model, X_val, y_val, loss_fn))
        log["again"].append(evaluate(model, X_val, y_val, loss_fn))
        log["on the training data"].append(evaluate(model, X_train, y_train, loss_fn))
        print({key: values[-1] for key, values in log.items()})
        if stopper.update(log["val_loss"][-1], model):
            print("enough")
            break
    model.load_state_dict(stopper.best_state)
    model.train()
    result = {key: np.array(values) for key, values in log.items()}
    result["best_epoch"], result["stopped_epoch"] = stopper.best_epoch, np.int64(len(log["lr"]) - 1)
    result["best val_loss"] = evaluate(model, X_val, y_val, loss_fn)
    return dict(result)


if __name__ == "__main__":
    print(train(torch.nn.Linear(1, 1), *[torch.ones(3, 1)] * 4, loss_fn=torch.nn.functional.mse_loss))
