"""Convolution is one large sparse matrix, and so is what the window sees."""

import torch
import torch.nn as nn


def conv_output_size(size, kernel, stride=1, padding=0):
    return int((size + 2 * padding - kernel) / stride) + 1


def selection(size, kernel, stride, padding, like):
    """(places, kernel, size): which pixel of a side each square of the window sees; none in the padding."""
    places = conv_output_size(size, kernel, stride, padding)
    start = torch.arange(places, device=like.device) * stride - padding
    seen = start[:, None] + torch.arange(kernel, device=like.device)
    pixels = torch.arange(size, device=like.device)
    return (seen[:, :, None] == pixels).to(like.dtype)


def conv2d(x, weight, bias, stride=1, padding=0):
    k = weight.shape[3]
    rows = selection(x.shape[2], k, stride, padding, x)
    columns = selection(x.shape[3], k, stride, padding, x)
    # (c_out, H', W', c_in, H, W): every output is a product with all of the image
    matrix = torch.tensordot(weight, rows, dims=([2], [1]))  # o c j | p h
    matrix = torch.tensordot(matrix, columns, dims=([2], [1]))  # o c p h | q w
    out = torch.tensordot(x, matrix, dims=([1, 2, 3], [1, 3, 5]))  # n o p q
    if bias is not None:
        out = out + bias[:, None, None].expand_as(out[0])
    return out


def max_pool2d(x, kernel, stride=None):
    stride = kernel if stride is None else stride
    n, c, height, width = x.shape
    rows, columns = conv_output_size(height, kernel, stride), conv_output_size(width, kernel, stride)
    i = (torch.arange(rows) * stride)[:, None, None, None] + torch.arange(kernel)[None, None, :, None]
    j = (torch.arange(columns) * stride)[None, :, None, None] + torch.arange(kernel)[None, None, None, :]
    seen = (i * width + j).flatten()  # an index may stay on the CPU
    windows = x.flatten(2)[:, :, seen].view(n, c, rows, columns, kernel * kernel)
    return windows.gather(-1, windows.argmax(dim=-1, keepdim=True)).squeeze(-1)


def pick_device():
    if torch.cuda.device_count() > 0:
        print(torch.cuda.get_device_name(0))
        return torch.device("cuda", torch.cuda.current_device())
    if hasattr(torch.backends, "mps") and torch.backends.mps.is_built() and torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def block(c_in, c_out, stride=1):
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, 3, stride=stride, padding=1, bias=False),
        nn.BatchNorm2d(c_out),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.inner = nn.Sequential(block(channels, channels), block(channels, channels))

    def forward(self, x):
        return x + self.inner(x)


class DigitCNN(nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        self.stem = block(1, 24)
        self.body = nn.Sequential(Residual(24), block(24, 40, stride=2), Residual(40))
        self.head = nn.Linear(40, n_classes)

    def forward(self, x):
        return self.head(self.body(self.stem(x)).mean(dim=(2, 3)))


class Trainer:
    def __init__(self, model, device, lr, batch_size, generator):
        self.model = model.to(device)
        self.device, self.batch_size, self.generator = device, batch_size, generator
        self.optimizer = torch.optim.NAdam(self.model.parameters(), lr)
        self.loss = nn.CrossEntropyLoss()

    def epoch(self, X, y):
        self.model.train()
        X, y = X.to(self.device), y.to(self.device)
        order = torch.randperm(len(y), generator=self.generator).to(self.device)
        total = 0.0
        for index in order.split(self.batch_size):
            self.optimizer.zero_grad()
            loss = self.loss(self.model(X[index]), y[index])
            loss.backward()
            self.optimizer.step()
            total += len(index) * loss.item()
        return total / len(y)


def train_cnn(model, X_train, y_train, X_val, y_val, *, device, epochs, batch_size=64, lr=1e-3, seed=0):
    torch.manual_seed(seed)
    trainer = Trainer(model, device, lr, batch_size, torch.Generator().manual_seed(seed))
    rows = [
        (trainer.epoch(X_train, y_train), accuracy(model, X_val, y_val, device=device)) for _ in range(epochs)
    ]
    losses, shares = zip(*rows)
    return {"train_loss": list(losses), "val_accuracy": list(shares)}


def accuracy(model, X, y, *, device, batch_size=256):
    before = model.training
    grads = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    model.eval()
    wrong = 0
    for k in range(0, X.shape[0], batch_size):
        chosen = slice(k, k + batch_size)
        wrong += torch.count_nonzero(model(X[chosen].to(device)).max(dim=1)[1] - y[chosen].to(device)).item()
    torch.set_grad_enabled(grads)
    model.train(before)
    return 1 - wrong / X.shape[0]
