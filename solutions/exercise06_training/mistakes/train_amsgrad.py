"""Adam lets old steep slopes fade; yours remembers the steepest for ever.

Loses: train_loop, train_clipping, train_whole
"""

import torch


def train(model, X_train, y_train, X_val, y_val, *, loss_fn, epochs=50, lr=1e-3, max_norm=1.0, patience=5):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, amsgrad=True)
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
