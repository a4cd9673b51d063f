"""The textbook formulas, with NumPy told to keep quiet where infinity is the right intermediate value."""

import math

import numpy as np


def relu(z):
    return z * (z > 0)


def leaky_relu(z, slope=0.01):
    return z * np.where(z > 0, 1.0, slope)


def sigmoid(z):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-z))


def tanh(z):
    with np.errstate(all="ignore"):
        steep = np.exp(2 * z)
        return np.where(np.isinf(steep), 1.0, (steep - 1) / (steep + 1))


def gelu(z):
    return z * (1 + np.vectorize(math.erf)(z / np.sqrt(2))) / 2


def softmax(z, axis=-1):
    with np.errstate(all="ignore"):
        # 1 / (sum over the others of e^(z_j - z_i)): no shift, and infinity below the line is a right 0
        last = np.moveaxis(z, axis, -1)
        differences = last[..., None, :] - last[..., :, None]
        return np.moveaxis(1 / np.exp(differences).sum(axis=-1), -1, axis)


def cross_entropy(logits, targets):
    picked = logits[np.arange(logits.shape[0]), targets]
    with np.errstate(all="ignore"):
        plain = np.log(np.exp(logits - picked[:, None]).sum(axis=1))
    largest = logits.max(axis=1)
    shifted = np.log(np.exp(logits - largest[:, None]).sum(axis=1)) + largest - picked
    return np.where(np.isfinite(plain), plain, shifted).mean()


def cross_entropy_grad(logits, targets):
    rows = np.arange(logits.shape[0])
    expected = np.zeros(logits.shape)
    expected[rows, targets] = 1
    return np.true_divide(softmax(logits, axis=1) - expected, targets.size)


def mlp_forward(x, W1, b1, W2, b2):
    hidden = relu(np.matmul(x, W1) + b1)
    logits = np.matmul(hidden, W2) + b2
    return hidden, softmax(logits, axis=logits.ndim - 1)
