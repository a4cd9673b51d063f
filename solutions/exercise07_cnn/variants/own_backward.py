"""Both passes by hand in autograd Functions, Adam by hand, and the loss by hand."""

import functools

import torch
from torch import nn
from torch.nn.functional import fold, unfold


def conv_output_size(size, kernel, stride=1, padding=0):
    return (size + 2 * padding - kernel + stride) // stride


class Convolve(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, stride, padding):
        k = weight.shape[-1]
        columns = unfold(x, k, padding=padding, stride=stride)  # (n, c·k·k, places)
        ctx.save_for_backward(columns, weight)
        ctx.settings = x.shape[-2:], k, stride, padding, bias is not None
        out = torch.einsum("of,nfp->nop", weight.flatten(1), columns)
        if bias is not None:
            out += bias[:, None]
        sizes = [conv_output_size(side, k, stride, padding) for side in x.shape[-2:]]
        return out.unflatten(2, sizes)

    @staticmethod
    def backward(ctx, upstream):
        columns, weight = ctx.saved_tensors
        size, k, stride, padding, has_bias = ctx.settings
        flat = upstream.flatten(2)
        dx = fold(weight.flatten(1).T @ flat, size, k, padding=padding, stride=stride)
        dweight = torch.einsum("nop,nfp->of", flat, columns).view_as(weight)
        dbias = flat.sum((0, 2)) if has_bias else None
        return dx, dweight, dbias, None, None


class Pool(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, kernel, stride):
        n, c, height, width = x.shape
        columns = unfold(x.reshape(n * c, 1, height, width), kernel, stride=stride)
        largest, which = columns.max(dim=1)
        ctx.save_for_backward(which)
        ctx.settings = x.shape, kernel, stride
        rows = conv_output_size(height, kernel, stride)
        return largest.view(n, c, rows, -1)

    @staticmethod
    def backward(ctx, upstream):
        (which,) = ctx.saved_tensors
        (n, c, height, width), kernel, stride = ctx.settings
        flat = upstream.reshape(n * c, 1, -1)
        columns = flat.new_zeros(n * c, kernel * kernel, flat.shape[-1]).scatter(1, which[:, None], flat)
        return fold(columns, (height, width), kernel, stride=stride).view(n, c, height, width), None, None


def conv2d(x, weight, bias, stride=1, padding=0):
    return Convolve.apply(x, weight, bias, stride, padding)


def max_pool2d(x, kernel, stride=None):
    return Pool.apply(x, kernel, kernel if stride is None else stride)


@functools.lru_cache(maxsize=None)
def pick_device():
    for name in ("cuda", "mps"):
        try:
            torch.zeros(1, device=name)
        except Exception:
            continue
        return torch.device(name)
    return torch.device("cpu")


class DigitCNN(nn.Module):
    def __init__(self, n_classes=10):
        super().__init__()
        self.w1 = nn.Parameter(torch.empty(20, 1, 3, 3))
        self.w2 = nn.Parameter(torch.empty(40, 20, 3, 3))
        self.w3 = nn.Parameter(torch.empty(n_classes, 40 * 16))
        self.b1, self.b2 = nn.Parameter(torch.zeros(20)), nn.Parameter(torch.zeros(40))
        self.b3 = nn.Parameter(torch.zeros(n_classes))
        for weight in (self.w1, self.w2, self.w3):
            nn.init.kaiming_normal_(weight)

    def forward(self, x):
        x = conv2d(x, self.w1, self.b1, padding=1).relu()
        x = max_pool2d(conv2d(x, self.w2, self.b2, padding=1), 2).relu()
        x = nn.functional.dropout(x.flatten(1), 0.25, self.training)
        return x @ self.w3.T + self.b3


def train_cnn(model, X_train, y_train, X_val, y_val, *, device, epochs, batch_size=64, lr=1e-3, seed=0):
    torch.manual_seed(seed)
    shuffler = torch.Generator().manual_seed(seed + 1)
    model.to(device)
    params = [p for p in model.parameters() if p.requires_grad]
    first, second, steps = [torch.zeros_like(p) for p in params], [torch.zeros_like(p) for p in params], 0
    history = {"train_loss": [], "val_accuracy": []}
    for _ in range(epochs):
        model.train()
        sums = 0.0
        for index in torch.randperm(len(X_train), generator=shuffler).split(batch_size):
            logits = model(X_train[index].to(device))
            wanted = torch.zeros_like(logits).scatter_(1, y_train[index].to(device)[:, None], 1.0)
            loss = (logits.logsumexp(1) - (logits * wanted).sum(1)).mean()
            grads = torch.autograd.grad(loss, params, allow_unused=True)
            steps += 1
            with torch.no_grad():
                for p, g, m, v in zip(params, grads, first, second):
                    if g is not None:
                        m.lerp_(g, 0.1)
                        v.lerp_(g * g, 0.001)
                        p -= lr * (m / (1 - 0.9**steps)) / ((v / (1 - 0.999**steps)).sqrt() + 1e-8)
            sums += loss.item() * len(index)
        history["train_loss"].append(sums / len(X_train))
        history["val_accuracy"].append(accuracy(model, X_val, y_val, device=device))
    return history


@torch.inference_mode()
def accuracy(model, X, y, *, device, batch_size=256):
    was = model.training
    model.eval()
    right = 0.0
    for x, t in zip(X.split(batch_size), y.split(batch_size)):
        right += (model(x.to(device)).argmax(1) == t.to(device)).float().mean().item() * len(t)
    if was:
        model.train()
    return right / len(y)
