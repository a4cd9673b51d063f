"""Arguments clipped where nothing changes any more, np.tanh where it is allowed, the normal distribution by quadrature."""

import numpy as np

NODES, WEIGHTS = np.polynomial.legendre.leggauss(80)


def relu(z):
    return np.clip(z, 0, None)


def leaky_relu(z, slope=0.01):
    return np.clip(z, 0, None) + slope * np.clip(z, None, 0)


def sigmoid(z):
    return (1 + np.tanh(z / 2)) / 2


def tanh(z):
    v = np.clip(z, -300, 300)
    return (np.exp(v) - np.exp(-v)) / (np.exp(v) + np.exp(-v))


def gelu(z):
    # the integral of the bell curve from 0 to z, by Gauss and Legendre's rule
    v = np.clip(z, -12, 12)
    points = np.multiply.outer(v, (NODES + 1) / 2)
    area = v / 2 * (np.exp(-(points**2) / 2) @ WEIGHTS) / np.sqrt(2 * np.pi)
    return z * (0.5 + area)


def softmax(z, axis=-1):
    z = np.swapaxes(z, axis, -1)
    below = np.clip(z - z.max(-1, keepdims=True), -745, 0)
    powers = np.exp(below)
    return np.swapaxes(powers / powers.sum(-1, keepdims=True), axis, -1)


def cross_entropy(logits, targets):
    flat = np.arange(len(targets)) * logits.shape[1] + targets
    largest = np.amax(logits, axis=-1, keepdims=True)
    log_probs = logits - largest - np.log(np.sum(np.exp(logits - largest), axis=-1, keepdims=True))
    return float(np.average(-log_probs.take(flat.astype(int))))


def cross_entropy_grad(logits, targets):
    grad = softmax(logits)
    np.subtract.at(grad, (np.arange(len(grad)), targets), 1)
    return grad * (1 / len(grad))


def mlp_forward(x, W1, b1, W2, b2):
    hidden = np.where((pre := np.tensordot(x, W1, axes=1) + b1) > 0, pre, 0)
    return hidden, softmax(np.tensordot(hidden, W2, axes=1) + b2)
