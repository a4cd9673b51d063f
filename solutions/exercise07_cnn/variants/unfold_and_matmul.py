"""Columns of patches and one matrix product; the network is built from the file's own conv2d and max_pool2d."""

import math

import torch
import torch.nn as nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


def conv_output_size(size, kernel, stride=1, padding=0):
    return math.floor((size - kernel + 2 * padding) / stride + 1)


def conv2d(x, weight, bias, stride=1, padding=0):
    n, _, height, width = x.shape
    c_out, _, k, _ = weight.shape
    columns = F.unfold(x, (k, k), padding=padding, stride=stride)
    out = weight.reshape(c_out, -1) @ columns
    if bias is not None:
        out = out + bias.view(1, -1, 1)
    return out.view(
        n, c_out, conv_output_size(height, k, stride, padding), conv_output_size(width, k, stride, padding)
    )


def max_pool2d(x, kernel, stride=None):
    if stride is None:
        stride = kernel
    n, c, height, width = x.shape
    columns = nn.Unfold(kernel, stride=stride)(x).view(n, c, kernel * kernel, -1)
    largest, _ = columns.max(dim=2)
    return largest.view(
        n, c, conv_output_size(height, kernel, stride), conv_output_size(width, kernel, stride)
    )


def pick_device() -> torch.device:
    if torch.cuda.is_available():
        name = "cuda:0"
    elif torch.backends.mps.is_available():
        name = "mps"
    else:
        name = "cpu"
    print(f"training on {name}")
    return torch.device(name)


class Convolution(nn.Module):
    def __init__(self, c_in, c_out, k=3):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(c_out, c_in, k, k) * (2 / (c_in * k * k)) ** 0.5)
        self.bias = nn.Parameter(torch.zeros(c_out))

    def forward(self, x):
        return conv2d(x, self.weight, self.bias, padding=self.weight.shape[-1] // 2)


class DigitCNN(nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        self.first = Convolution(1, 24)
        self.second = Convolution(24, 32)
        self.hidden = nn.Linear(512, 64)
        self.out = nn.Linear(64, n_classes)

    def forward(self, x):
        x = torch.relu(self.first(x))
        x = max_pool2d(torch.relu(self.second(x)), 2)
        x = torch.relu(self.hidden(x.flatten(1)))
        return self.out(x)


def train_cnn(model, X_train, y_train, X_val, y_val, *, device, epochs, batch_size=64, lr=1e-3, seed=0):
    torch.manual_seed(seed)
    loader = DataLoader(TensorDataset(X_train, y_train), batch_size=batch_size, shuffle=True)
    model = model.to(device)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=0.01)
    train_loss, val_accuracy = [], []
    for epoch in range(epochs):
        model.train()
        running, seen = 0.0, 0
        for images, labels in loader:
            images, labels = images.to(device, non_blocking=True), labels.to(device)
            optimizer.zero_grad(set_to_none=True)
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()
            running += loss.detach().cpu().item() * labels.size(0)
            seen += labels.size(0)
        train_loss.append(running / seen)
        val_accuracy.append(accuracy(model, X_val, y_val, device=device))
    return {"train_loss": train_loss, "val_accuracy": val_accuracy, "epochs": epochs}


def accuracy(model, X, y, *, device, batch_size=256):
    mode = model.training
    model.eval()
    correct = total = 0
    with torch.no_grad():
        for images, labels in DataLoader(TensorDataset(X, y), batch_size=batch_size):
            predictions = model(images.to(device)).argmax(1).cpu()
            correct += int((predictions == labels).sum())
            total += len(labels)
    model.train(mode)
    return correct / total


if __name__ == "__main__":
    print(DigitCNN())
