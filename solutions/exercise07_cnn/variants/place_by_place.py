"""Loops over every place of the window; one image at a time where accuracy is measured."""

import random
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn

BEST = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"


def conv_output_size(size, kernel, stride=1, padding=0):
    return len(range(0, size + padding + padding - kernel + 1, stride))


def padded(x, padding):
    n, c, height, width = x.size()
    wide = x.new_zeros(n, c, height + 2 * padding, width + 2 * padding)
    wide[:, :, padding : padding + height, padding : padding + width] = x
    return wide


def conv2d(x, weight, bias, stride=1, padding=0):
    k = weight.size(2)
    rows = conv_output_size(x.size(2), k, stride, padding)
    columns = conv_output_size(x.size(3), k, stride, padding)
    x = padded(x, padding)
    out = torch.zeros(x.size(0), weight.size(0), rows, columns, dtype=x.dtype, device=x.device)
    for i in range(rows):
        for j in range(columns):
            patch = x[:, None, :, i * stride : i * stride + k, j * stride : j * stride + k]
            out[:, :, i, j] = (patch * weight).sum((2, 3, 4))
    if bias is None:
        return out
    return out + bias.reshape(1, -1, 1, 1)


def max_pool2d(x, kernel, stride=None):
    step = kernel if stride is None else stride
    lines = []
    for i in range(0, x.shape[2] - kernel + 1, step):
        line = []
        for j in range(0, x.shape[3] - kernel + 1, step):
            line.append(x[:, :, i : i + kernel, j : j + kernel].flatten(2).max(dim=2).values)
        lines.append(torch.stack(line, dim=-1))
    return torch.stack(lines, dim=-2)


def pick_device():
    return torch.device(BEST)


class DigitCNN(torch.nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        self.blocks = nn.ModuleList()
        channels = 1
        for width in (16, 32):
            self.blocks.append(nn.Conv2d(channels, width, kernel_size=3, padding="same"))
            self.blocks.append(nn.BatchNorm2d(width))
            channels = width
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(channels * 16, n_classes)

    def forward(self, x):
        for conv, norm in zip(self.blocks[::2], self.blocks[1::2]):
            x = nn.functional.relu(norm(conv(x)), inplace=True)
        x = nn.functional.avg_pool2d(x, 2)
        return self.head(self.drop(x.reshape(x.size(0), -1)))


@contextmanager
def evaluating(model):
    before = model.training
    model.eval()
    with torch.inference_mode():
        yield
    model.train(before)


def train_cnn(model, X_train, y_train, X_val, y_val, *, device, epochs, batch_size=64, lr=1e-3, seed=0):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    model.to(device)
    X_train, y_train = X_train.to(device), y_train.to(device)
    optimizer = torch.optim.RMSprop(model.parameters(), lr=lr)
    history = {"train_loss": [], "val_accuracy": []}
    for _ in range(epochs):
        model.train()
        order = list(range(len(X_train)))
        random.shuffle(order)
        losses = []
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            loss = torch.nn.functional.cross_entropy(model(X_train[chosen]), y_train[chosen])
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses.append(loss.item())
        history["train_loss"].append(np.mean(losses))
        history["val_accuracy"].append(accuracy(model, X_val, y_val, device=device, batch_size=batch_size))
    return history


def accuracy(model, X, y, *, device, batch_size=256):
    right = []
    with evaluating(model):
        for start in range(0, len(X), batch_size):
            scores = model(X[start : start + batch_size].to(device))
            right += scores.argmax(-1).tolist()
    return float(np.mean(np.array(right) == y.numpy()))
