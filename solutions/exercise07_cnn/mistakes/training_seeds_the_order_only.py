"""The images come in the same order in both runs. What else is random in a network with dropout?

Loses: train_cnn, digits
"""

import torch
import torch.nn.functional as F
from torch import nn


class DigitCNN(nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(),
            nn.MaxPool2d(2),  # 8×8 → 4×4
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Flatten(), nn.Dropout(0.3),
            nn.Linear(32 * 4 * 4, n_classes),
        )  # fmt: skip

    def forward(self, x):
        return self.layers(x)


def train_cnn(model, X_train, y_train, X_val, y_val, *, device, epochs, batch_size=64, lr=1e-3, seed=0):
    order = torch.Generator().manual_seed(seed)
    model.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = {"train_loss": [], "val_accuracy": []}
    for _ in range(epochs):
        model.train()
        total = 0.0
        for batch in torch.randperm(len(X_train), generator=order).split(batch_size):
            loss = F.cross_entropy(model(X_train[batch].to(device)), y_train[batch].to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        history["train_loss"].append(total / len(X_train))
        history["val_accuracy"].append(accuracy(model, X_val, y_val, device=device))
    return history
