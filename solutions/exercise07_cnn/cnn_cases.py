"""What the suite of exercise07 draws and makes up: images, filters, windows, labels, real digits."""

import numpy as np
import torch

from dlgrade.suite import Draw, dataset

torch.set_num_threads(1)  # the sizes are small: more threads would only wait for each other

DIGITS = dataset("digits")
IMAGES = torch.from_numpy(DIGITS["images"].astype(np.float32) / 16)[:, None]
LABELS = torch.from_numpy(DIGITS["labels"])
HELD_OUT = torch.arange(len(LABELS)) % 5 == 0

# n, c_in, c_out, height, width, kernel
LOOKALIKES = [(3, 3, 3, 3, 3, 3), (2, 3, 3, 4, 4, 2), (4, 4, 2, 4, 5, 3), (1, 2, 3, 5, 5, 3)]
LOOKALIKES += [(2, 1, 1, 4, 3, 3), (1, 1, 1, 1, 1, 1), (3, 2, 5, 5, 5, 1), (2, 2, 2, 6, 2, 2)]
LOOKALIKES += [(1, 3, 4, 3, 3, 3), (5, 1, 3, 3, 7, 3), (2, 3, 4, 1, 6, 1), (3, 1, 2, 4, 4, 4)]
LOOKALIKES += [(2, 4, 3, 7, 3, 3), (1, 3, 1, 2, 8, 2), (4, 2, 4, 4, 4, 1)]

CORNERS = {1: (0, 0), 4: (0, 4), 6: (4, 0), 8: (4, 4)}


# What goes into a convolution or a pooling.


def side(draw: Draw) -> tuple[int, int, int, int]:
    """Draw size, kernel, stride and padding of which at least one window fits."""
    kernel, stride, padding = draw.integer(1, 7), draw.integer(1, 5), draw.integer(0, 4)
    return max(1, kernel - 2 * padding) + draw.integer(0, 40), kernel, stride, padding


def convolution(draw: Draw):
    """Draw x, weight, bias, stride and padding; all sizes differ, and the last step often does not fit."""
    n, c_in, c_out = draw.sizes(3, 1, 4)
    kernel, stride, padding = draw.choice([3, 2, 1, 4, 5]), draw.integer(1, 3), draw.integer(0, 3)
    fits = max(1, kernel - 2 * padding)
    return _convolution(draw, n, c_in, c_out, *draw.sizes(2, fits, fits + 7), kernel, stride, padding)


def lookalike_convolution(draw: Draw):
    """Draw a convolution with sizes that are equal, or 1: swapped axes fit, lost ones go unnoticed."""
    n, c_in, c_out, height, width, kernel = draw.choice(LOOKALIKES)
    return _convolution(draw, n, c_in, c_out, height, width, kernel, draw.integer(1, 3), draw.integer(0, 2))


def _convolution(draw, n, c_in, c_out, height, width, kernel, stride, padding):
    has_bias = draw.choice([True, True, False])
    # All numbers at one stroke: the search for a smaller case is quick where choices are few.
    rng = np.random.default_rng(draw.integer(0, 9999))
    x = rng.uniform(-2, 2, (n, c_in, height, width))
    weight = rng.uniform(-1, 1, (c_out, c_in, kernel, kernel))
    bias = rng.uniform(-3, 3, c_out).round(2)
    return x.round(2), weight.round(2), bias if has_bias else None, stride, padding


def small_convolution(draw: Draw):
    """Draw a convolution that is small, for many gradients."""
    n, c_in, c_out = draw.sizes(3, 1, 4)
    kernel, stride, padding = draw.choice([3, 2, 1, 4]), draw.integer(1, 3), draw.integer(0, 2)
    fits = max(1, kernel - 2 * padding)
    return _convolution(draw, n, c_in, c_out, *draw.sizes(2, fits, fits + 4), kernel, stride, padding)


def convolution_of(rng):
    x, weight, bias = rng.normal(size=(3, 2, 7, 6)), rng.normal(size=(4, 2, 3, 3)), rng.normal(size=4)
    return x, weight, bias, 2, 1


def pooling(draw: Draw):
    """Draw images without ties, a window and a stride: None, smaller or larger than the window."""
    n, channels = draw.sizes(2, 1, 4)
    kernel, stride = draw.choice([2, 3, 1, 4]), draw.choice([None, 1, 2, 3, 5])
    height, width = draw.choice([tuple(draw.sizes(2, kernel, kernel + 6)), (kernel + 2, kernel + 2)])
    x = untied(draw, (n, channels, height, width))
    return x + draw.choice([0.0, -50.0, 50.0]), kernel, stride


def untied(draw: Draw, shape) -> np.ndarray:
    """Draw numbers of both signs that are all different."""
    rng = np.random.default_rng(draw.integer(0, 9999))
    return ((rng.permutation(int(np.prod(shape))) - np.prod(shape) // 2) / 8).reshape(shape)


def tensors(*arrays, dtype=torch.float64):
    return [None if array is None else torch.from_numpy(array).to(dtype) for array in arrays]


def drawn_upstream(want) -> torch.Tensor:
    """An upstream gradient for an answer: random, the same for the same shape."""
    return torch.from_numpy(np.random.default_rng(want.numel()).normal(size=tuple(want.shape)))


# What a network is trained on or measured by.


def measurement(draw: Draw) -> tuple[int, int, int, bool]:
    """Draw how many images there are, how many are right (the last ones), the batch size and the mode."""
    n = draw.integer(1, 40)
    return n, draw.integer(0, n), draw.choice([1, 3, 4, 7, 16, 64, n]), draw.choice([True, False])


def mirrored(n: int, right: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Images that say their class themselves, and labels of which only the last ones agree."""
    rng = np.random.default_rng(n)
    x = torch.from_numpy(rng.permuted(np.linspace(0, 1, 64)[None].repeat(n, 0), axis=1).astype(np.float32))
    y = x[:, :10].argmax(dim=1)
    y[: n - right] = (y[: n - right] + 1 + torch.from_numpy(rng.integers(0, 9, n - right))) % 10
    return x.view(n, 1, 8, 8), y


def corners(n: int, seed: int, wrong: float = 0.0) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw images with one bright corner, which is the label; a share of the labels may be wrong."""
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 0.2, (n, 1, 8, 8)), rng.choice(list(CORNERS), n)
    for image, label in zip(x[:, 0], y, strict=True):
        row, column = CORNERS[int(label)]
        image[row : row + 4, column : column + 4] += 0.8
    y = np.where(rng.uniform(size=n) < wrong, 0, y)
    return torch.from_numpy(x.astype(np.float32)), torch.from_numpy(y)


def never_seen(n: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Make images of a kind, and with a label, that no training image has."""
    x = torch.zeros(n, 1, 8, 8)
    x[:, :, ::2, ::2] = 1.0
    x[:, :, 1::2, 1::2] = 1.0
    return x, torch.full((n,), 9)
