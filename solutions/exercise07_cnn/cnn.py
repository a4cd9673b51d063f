"""A convolutional network: convolution and pooling by hand, then real digits on whatever device there is."""

import torch
import torch.nn.functional as F
from torch import nn


def conv_output_size(size, kernel, stride=1, padding=0):
    # Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), relationship 6
    return (size + 2 * padding - kernel) // stride + 1


def windows(x, kernel, stride):
    """(n, c, H, W) → (n, c, H', W', k, k): a view of what lies under the window at each place."""
    return x.unfold(2, kernel, stride).unfold(3, kernel, stride)


def conv2d(x, weight, bias, stride=1, padding=0):
    x = F.pad(x, [padding] * 4)
    # S(i, j) = Σ I(i + m, j + n) K(m, n), over all channels:
    # Goodfellow et al., Deep Learning (2016), equation 9.6
    out = torch.einsum("nchwij,ocij->nohw", windows(x, weight.shape[-1], stride), weight)
    return out if bias is None else out + bias[:, None, None]


def max_pool2d(x, kernel, stride=None):
    return windows(x, kernel, stride or kernel).amax(dim=(-2, -1))


def pick_device():
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


class DigitCNN(nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(),
            nn.MaxPool2d(2),  # 8×8 → 4×4
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(),
            nn.Flatten(),
            nn.Linear(32 * 4 * 4, n_classes),
        )  # fmt: skip

    def forward(self, x):
        return self.layers(x)


def train_cnn(model, X_train, y_train, X_val, y_val, *, device, epochs, batch_size=64, lr=1e-3, seed=0):
    torch.manual_seed(seed)  # for the order of the images, and for whatever is random in the model
    model.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = {"train_loss": [], "val_accuracy": []}
    for _ in range(epochs):
        model.train()
        total = 0.0
        for batch in torch.randperm(len(X_train)).split(batch_size):
            loss = F.cross_entropy(model(X_train[batch].to(device)), y_train[batch].to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        history["train_loss"].append(total / len(X_train))
        history["val_accuracy"].append(accuracy(model, X_val, y_val, device=device))
    return history


@torch.no_grad()
def accuracy(model, X, y, *, device, batch_size=256):
    was_training = model.training
    model.eval()
    hits = 0
    for images, labels in zip(X.split(batch_size), y.split(batch_size), strict=True):
        hits += (model(images.to(device)).argmax(dim=1) == labels.to(device)).sum().item()
    model.train(was_training)
    return hits / len(X)
