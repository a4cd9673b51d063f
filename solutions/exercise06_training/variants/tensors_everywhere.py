"""Rates, norms and histories as tensors without axes, all in torch's usual dtype."""

import torch

PI = torch.tensor(torch.pi)


def step_decay(lr0, epoch, drop=0.1, every=10):
    return torch.tensor(lr0) * torch.tensor(drop).pow(epoch // every)


def cosine_annealing(lr_max, epoch, T_max, lr_min=0.0):
    return torch.lerp(torch.tensor(lr_min), torch.tensor(float(lr_max)), (1 + torch.cos(PI * epoch / T_max)) / 2)


def warmup_cosine(lr_max, step, warmup_steps, total_steps, lr_min=0.0):
    ramp = torch.linspace(0, lr_max, warmup_steps + 1)[1:]
    if step < warmup_steps:
        return ramp[step]
    return cosine_annealing(lr_max, step - warmup_steps, total_steps - warmup_steps, lr_min)


class ReduceOnPlateau(torch.nn.Module):
    def __init__(self, lr, factor=0.1, patience=10, min_lr=0.0):
        super().__init__()
        self.lr, self.factor, self.patience, self.min_lr = torch.tensor(lr), factor, patience, min_lr
        self.losses = []

    def step(self, val_loss):
        earlier = [x for x in self.losses if x == x]
        self.losses.append(val_loss)
        better = val_loss == val_loss and all(val_loss < x for x in earlier)
        self.bad = 0 if better else getattr(self, "bad", 0) + 1
        if self.bad == self.patience + 1:
            self.lr = torch.clamp(self.lr * self.factor, min=self.min_lr)
            self.bad = 0
        return self.lr


def clip_grad_norm(grads, max_norm):
    total = torch.stack([torch.linalg.vector_norm(g) for g in grads]).square().sum().sqrt()
    factor = torch.where(total > max_norm, max_norm / total, torch.ones_like(total))
    return [torch.mul(g, factor) for g in grads], total


def clip_grad_value(grads, limit):
    return [torch.where(g.abs() > limit, limit * g.sign(), g) for g in grads]


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience, self.min_delta, self.updates = patience, min_delta, []

    def update(self, val_loss, model):
        loss = torch.tensor(val_loss, dtype=torch.float64)
        self.updates.append(loss)
        first = not hasattr(self, "best_loss")
        if not torch.isnan(loss) and (first or self.best_loss - loss > self.min_delta):
            self.best_loss, self.best_epoch = loss, len(self.updates) - 1
            self.best_state = {**dict(model.named_parameters()), **dict(model.named_buffers())}
            self.best_state = {name: t.data.clone() for name, t in self.best_state.items()}
            self.bad = 0
        else:
            self.bad = getattr(self, "bad", 0) + 1
        return torch.tensor(self.bad >= self.patience)


def train(model, X_train, y_train, X_val, y_val, *, loss_fn, epochs=50, lr=1e-3, max_norm=1.0, patience=5):
    optimizer = torch.optim.Adam(model.parameters())
    stopper = EarlyStopping(patience)
    rows = []
    for epoch in torch.arange(epochs).tolist():
        rate = cosine_annealing(lr, epoch, epochs)
        optimizer.param_groups[0]["lr"] = rate.item()
        pred = model.train()(X_train)
        loss = loss_fn(pred, y_train)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            clipped, norm = clip_grad_norm([p.grad for p in model.parameters()], max_norm)
            for p, g in zip(model.parameters(), clipped):
                p.grad.copy_(g)
        optimizer.step()
        with torch.inference_mode():
            val_loss = loss_fn(model.eval()(X_val), y_val)
        rows.append([loss.detach(), val_loss, rate, norm])
        if bool(stopper.update(float(val_loss), model)):
            break
    columns = dict(zip(["train_loss", "val_loss", "lr", "grad_norm"], zip(*rows)))
    model.load_state_dict(stopper.best_state)
    return {**columns, "best_epoch": stopper.best_epoch, "stopped_epoch": epoch}
