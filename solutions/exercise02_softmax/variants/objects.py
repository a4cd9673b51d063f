"""Layers and activations as objects, names bound to callables, np.nditer, a named tuple as the answer."""

import functools
import math
from collections import namedtuple

import numpy as np

Forward = namedtuple("Forward", "hidden probs")


class Activation:
    """A function of one number, applied to each element of an array."""

    def __init__(self, function):
        self.function = function

    def __call__(self, z, **settings):
        with np.nditer([z, None], op_flags=[["readonly"], ["writeonly", "allocate"]]) as places:
            for v, out in places:
                out[...] = self.function(v.item(), **settings)
            return places.operands[1]


class Linear:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias

    def __call__(self, x):
        return (self.weight.T @ x.T).T + self.bias


def leak(v, slope=0.01):
    return v if v >= 0 else slope * v


def squash(v):
    # sinh / cosh, both divided by cosh's larger half
    falling = math.exp(-2 * abs(v))
    return math.copysign(-math.expm1(-2 * abs(v)) / (1 + falling), v)


relu = Activation(functools.partial(leak, slope=0.0))
leaky_relu = Activation(leak)
tanh = Activation(squash)
sigmoid = Activation(lambda v: 0.5 + 0.5 * squash(v / 2))
gelu = Activation(lambda v: v - v * math.erfc(v / math.sqrt(2)) / 2)


class Softmax:
    def __init__(self, scores):
        self.shifted = scores - scores.max()
        self.log_total = math.log(math.fsum(map(math.exp, self.shifted)))

    def log_probs(self):
        return self.shifted - self.log_total

    def probs(self):
        return np.exp(self.log_probs())


def softmax(z, axis=-1):
    return np.apply_along_axis(lambda scores: Softmax(scores).probs(), axis, z)


def cross_entropy(logits, targets):
    losses = (-Softmax(row).log_probs()[k] for row, k in zip(logits, targets, strict=True))
    return np.array(math.fsum(losses) / len(targets))


def cross_entropy_grad(logits, targets):
    grad = np.zeros_like(logits)
    for i, (row, k) in enumerate(zip(logits, targets, strict=True)):
        probs = Softmax(row).probs()
        # the target's entry as minus what the others have, so that the row sums to 0 to the last bit
        probs[k] = -sum(p for j, p in enumerate(probs) if j != k)
        grad[i] = probs / len(logits)
    return grad


def mlp_forward(x, W1, b1, W2, b2):
    first, second = Linear(W1, b1), Linear(W2, b2)
    hidden = relu(first(x))
    return Forward(hidden, softmax(second(hidden)))
