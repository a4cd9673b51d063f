"""Everything by way of logarithms: logaddexp, log-softmax, einsum."""

import math

import numpy as np


def relu(z):
    return (z + np.abs(z)) / 2


def leaky_relu(z, slope=0.01):
    return np.maximum(z, slope * z)


def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def tanh(z):
    return np.exp(-np.logaddexp(0, -2 * z)) - np.exp(-np.logaddexp(0, 2 * z))


def gelu(z):
    erfc = np.frompyfunc(math.erfc, 1, 1)
    return z * np.asarray(erfc(-z * math.sqrt(0.5)), dtype=np.float64) / 2


def log_softmax(z, axis):
    return z - np.expand_dims(np.logaddexp.reduce(z, axis=axis), axis)


def softmax(z, axis=-1):
    return np.exp(log_softmax(z, axis))


def cross_entropy(logits, targets):
    picked = np.take_along_axis(log_softmax(logits, 1), targets[:, np.newaxis].astype(np.intp), axis=1)
    return -np.mean(picked)


def cross_entropy_grad(logits, targets):
    classes = np.arange(logits.shape[1])
    return (softmax(logits, 1) - (targets[:, None] == classes)) / logits.shape[0]


def mlp_forward(x, W1, b1, W2, b2):
    hidden = relu(np.einsum("...d,dh->...h", x, W1) + b1)
    return hidden, softmax(np.einsum("...h,hc->...c", hidden, W2) + b2)
