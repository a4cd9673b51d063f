"""Convolution by multiplying spectra, pooling by sorting; a schedule; the best weights are put back."""

import copy

import torch
import torch.nn.functional as F
from torch import nn


def conv_output_size(size, kernel, stride=1, padding=0):
    reach = size + 2 * padding
    count = 0
    while count * stride + kernel <= reach:
        count += 1
    return count


def conv2d(x, weight, bias, stride=1, padding=0):
    x = F.pad(x, (padding,) * 4)
    height, width = x.shape[-2:]
    k = weight.shape[-1]
    # Correlation in space is multiplication by the conjugate; what wraps around lies beyond H − k and W − k.
    spectrum = torch.fft.rfft2(x)
    filters = torch.fft.rfft2(weight, s=(height, width)).conj()
    product = (spectrum[:, None] * filters[None]).sum(dim=2)
    out = torch.fft.irfft2(product, s=(height, width))
    out = out[..., : height - k + 1 : stride, : width - k + 1 : stride]
    return out if bias is None else out + bias[None, :, None, None]


def max_pool2d(x, kernel, stride=None):
    stride = stride or kernel
    windows = x.unfold(-2, kernel, stride).unfold(-2, kernel, stride)
    return windows.reshape(*windows.shape[:-2], -1).sort(dim=-1).values[..., -1]


def pick_device():
    accelerator = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    if accelerator is not None and accelerator.type in ("cuda", "mps"):
        return accelerator
    return torch.device("cpu")


class DigitCNN(nn.Module):
    def __init__(self, n_classes=10):
        super(DigitCNN, self).__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1),
            nn.GroupNorm(4, 32),
            nn.GELU(),
            nn.Conv2d(32, 48, 3, padding=1),
            nn.GroupNorm(4, 48),
            nn.GELU(),
            nn.Conv2d(48, 64, 3, padding=1),
            nn.GroupNorm(4, 64),
            nn.GELU(),
        )
        self.classifier = nn.Linear(64 * 4, n_classes)
        self.register_buffer("mean", torch.full((1, 1, 1, 1), 0.3))

    def forward(self, x):
        x = self.features((x - self.mean) / 0.37)
        x = x.unflatten(3, (2, 4)).unflatten(2, (2, 4)).amax(dim=(3, 5))  # the largest of each quarter
        return self.classifier(x.flatten(1))


def train_cnn(model, X_train, y_train, X_val, y_val, *, device, epochs, batch_size=64, lr=1e-3, seed=0):
    torch.manual_seed(seed)
    model.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    loss_fn = nn.CrossEntropyLoss(label_smoothing=0.05, reduction="sum")
    history = {"train_loss": [], "val_accuracy": [], "lr": []}
    best, best_state = -1.0, None
    for _ in range(epochs):
        total = torch.zeros((), device=device)
        model.train()
        for index in torch.utils.data.BatchSampler(
            torch.utils.data.RandomSampler(range(len(y_train))), batch_size, drop_last=False
        ):
            x, y = X_train[index].to(device), y_train[index].to(device)
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            (loss / len(y)).backward()
            optimizer.step()
            total += loss.detach()
        history["lr"].append(optimizer.param_groups[0]["lr"])
        schedule.step()
        history["train_loss"].append(total / len(y_train))
        history["val_accuracy"].append(accuracy(model, X_val, y_val, device=device))
        if history["val_accuracy"][-1] > best:
            best, best_state = history["val_accuracy"][-1], copy.deepcopy(model.state_dict())
    if best_state is not None:
        model.load_state_dict(best_state)
    return history


def accuracy(model, X, y, *, device, batch_size=256):
    before = model.training
    model.train(False)
    hits = torch.tensor(0, device=device)
    with torch.set_grad_enabled(False):
        for i in range(0, len(y), batch_size):
            hits += torch.eq(
                model(X[i : i + batch_size].to(device)).topk(1).indices[:, 0],
                y[i : i + batch_size].to(device),
            ).sum()
    model.train(before)
    return hits.item() / y.numel()
