"""Activations, softmax and cross-entropy, and the forward pass of a two-layer network."""

import math

import numpy as np

# Phi(z) by the complementary error function, which keeps its digits far down the left tail; NumPy has none
normal_cdf = np.vectorize(lambda z: math.erfc(-z / math.sqrt(2)) / 2, otypes=[float])


def relu(z):
    """Return max(0, z) of each element."""
    return np.maximum(0.0, z)


def leaky_relu(z, slope=0.01):
    """Return z where z > 0, slope * z elsewhere."""
    return np.where(z > 0, z, slope * z)


def sigmoid(z):
    """Return the logistic function of each element."""
    # 1 / (1 + e^-z) = e^z / (1 + e^z): the exponential that is at most 1 never overflows
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, e) / (1.0 + e)


def tanh(z):
    """Return the hyperbolic tangent of each element."""
    # (e^z - e^-z) / (e^z + e^-z), both divided by e^|z|
    e = np.exp(-2.0 * np.abs(z))
    return np.sign(z) * (1.0 - e) / (1.0 + e)


def gelu(z):
    """Return z * Phi(z) of each element, exactly."""
    return z * normal_cdf(z)


def softmax(z, axis=-1):
    """Return the probabilities along an axis of scores."""
    # e^z / sum e^z; the largest score taken off both cancels, and e^0 = 1 is then the largest power
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def cross_entropy(logits, targets):
    """Return the mean negative log-likelihood of the targets."""
    # -log p_y = log(sum e^z) - z_y, shifted as in softmax: the log undoes the exp, so p itself is not needed
    z = logits - logits.max(axis=1, keepdims=True)
    losses = np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(targets)), targets]
    return losses.mean()


def cross_entropy_grad(logits, targets):
    """Return the gradient of the mean cross-entropy with respect to the logits."""
    # d/dz (log(sum e^z) - z_y) = p - onehot(y), and the mean brings 1/n
    grad = softmax(logits)
    grad[np.arange(len(targets)), targets] -= 1.0
    return grad / len(targets)


def mlp_forward(x, W1, b1, W2, b2):
    """Return the hidden activations and the class probabilities of one sample or of a batch."""
    # hidden = relu(x W1 + b1), probs = softmax(hidden W2 + b2)
    hidden = relu(x @ W1 + b1)
    return hidden, softmax(hidden @ W2 + b2)
