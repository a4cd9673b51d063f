"""Boolean masks on copies, one-hot matrices, in-place work on arrays of one's own."""

import math

import numpy as np


def relu(z):
    out = z.copy()
    out[out < 0] = 0
    return out


def leaky_relu(z, slope=0.01):
    out = np.array(z)
    out[z < 0] *= slope
    return out


def sigmoid(z):
    out = np.empty_like(z)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    powers = np.exp(z[~positive])
    out[~positive] = powers / (1 + powers)
    return out


def tanh(z):
    out = np.empty_like(z)
    right = z > 0
    falling = np.exp(-2 * z[right])
    out[right] = (1 - falling) / (1 + falling)
    rising = np.exp(2 * z[~right])
    out[~right] = (rising - 1) / (rising + 1)
    return out


def gelu(z):
    probability = np.array([0.5 + 0.5 * math.erf(v / 2**0.5) for v in z.flat]).reshape(z.shape)
    return np.multiply(z, probability)


def softmax(z, axis=-1):
    out = z - np.max(z, axis, keepdims=True)
    np.exp(out, out=out)
    out /= np.sum(out, axis, keepdims=True)
    return out


def one_hot(targets, c):
    return np.eye(c)[targets]


def cross_entropy(logits, targets):
    n, c = logits.shape
    shifted = logits - logits.max(1)[:, None]
    log_sums = np.log(np.exp(shifted).sum(1))
    return (log_sums.sum() - (one_hot(targets, c) * shifted).sum()) / n


def cross_entropy_grad(logits, targets):
    n, c = logits.shape
    grad = softmax(logits)
    grad -= one_hot(targets, c)
    grad /= n
    return grad


def mlp_forward(x, W1, b1, W2, b2):
    batch = x.reshape(-1, W1.shape[0])
    hidden = batch @ W1
    hidden += b1
    hidden *= hidden > 0
    probs = softmax(hidden @ W2 + b2[None, :])
    if x.ndim == 1:
        return hidden[0], probs[0]
    return hidden, probs
