"""A sum over the places of the filter, a maximum over those of the window; lazy layers; SGD with momentum."""

import numpy as np
import torch
from torch import nn


def conv_output_size(size, kernel, stride=1, padding=0):
    return -(-(size + 2 * padding - kernel + 1) // stride)


def shifts(x, kernel, stride):
    """Every pixel under the window in turn, for all places at once."""
    rows, columns = (conv_output_size(side, kernel, stride) for side in x.shape[2:])
    for i in range(kernel):
        for j in range(kernel):
            yield (
                i,
                j,
                x[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride][
                    :, :, :rows, :columns
                ],
            )


def conv2d(x, weight, bias, stride=1, padding=0):
    x = torch.nn.functional.pad(x, (padding, padding, padding, padding))
    total = 0 if bias is None else bias.view(-1, 1, 1)
    for i, j, part in shifts(x, weight.shape[-1], stride):
        total = total + torch.einsum("nchw,oc->nohw", part, weight[:, :, i, j])
    return total


def max_pool2d(x, kernel, stride=None):
    largest = None
    for _, _, part in shifts(x, kernel, stride or kernel):
        largest = part if largest is None else torch.maximum(largest, part)
    return largest.clone()


def pick_device():
    candidates = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    return torch.device(next(name for name, is_there in candidates.items() if is_there))


class DigitCNN(nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        self.net = nn.Sequential(
            nn.LazyConv2d(16, 3, padding=1),
            nn.LazyBatchNorm2d(),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.LazyConv2d(32, 3, padding=1),
            nn.LazyBatchNorm2d(),
            nn.ReLU(),
            nn.Flatten(),
            nn.LazyLinear(n_classes),
        )

    def forward(self, images):
        assert images.shape[1:] == (1, 8, 8), images.shape
        return self.net(images)


def train_cnn(model, X_train, y_train, X_val, y_val, *, device, epochs, batch_size=64, lr=1e-3, seed=0):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model.to(device)
    with torch.no_grad():
        model.eval()
        model(X_train[:1].to(device))  # lazy layers learn their sizes
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.95, nesterov=True)
    history = dict(train_loss=(), val_accuracy=())
    for epoch in range(epochs):
        model.train()
        losses, weights = [], []
        order = torch.from_numpy(rng.permutation(len(X_train)))
        for index in torch.chunk(order, -(-len(order) // batch_size)):
            x, y = X_train[index].to(device=device), y_train[index].to(device=device)
            log_probs = model(x).log_softmax(dim=1)
            loss = -log_probs[range(len(y)), y].mean()
            for p in model.parameters():
                p.grad = None
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimizer.step()
            losses.append(float(loss.detach()))
            weights.append(len(y))
        history["train_loss"] += (np.average(losses, weights=weights),)
        history["val_accuracy"] += (accuracy(model, X_val, y_val, device=device),)
    return history


def accuracy(model, X, y, *, device, batch_size=256):
    training, model.training = model.training, False
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.no_grad():
            parts = [model(part.to(device)).cpu() for part in torch.split(X, batch_size)]
    finally:
        for module, mode in modes:
            module.training = mode
        model.training = training
    return (torch.cat(parts).argmax(dim=1) == y).double().mean()
