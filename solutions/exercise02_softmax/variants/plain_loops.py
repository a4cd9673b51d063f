"""Loops over single numbers and the standard library's mathematics, float() everywhere."""

import math

import numpy as np


def each(function, z):
    out = np.zeros(z.shape)
    for place in np.ndindex(z.shape):
        out[place] = function(float(z[place]))
    return out


def relu(z):
    return each(lambda v: v if v > 0 else 0.0, z)


def leaky_relu(z, slope=0.01):
    return each(lambda v: v if v > 0 else float(slope) * v, z)


def power(v):
    try:
        return math.exp(v)
    except OverflowError:
        return math.inf


def sigmoid(z):
    return each(lambda v: 1 / (1 + power(-v)), z)


def tanh(z):
    return each(lambda v: 1 - 2 / (power(2 * v) + 1), z)


def gelu(z):
    return each(lambda v: 0.5 * v * (1 + math.erf(v / math.sqrt(2))), z)


def softmax_of_list(scores):
    largest = max(scores)
    powers = [math.exp(v - largest) for v in scores]
    total = math.fsum(powers)
    return [p / total for p in powers]


def softmax(z, axis=-1):
    out = np.empty_like(z)
    axis = axis % z.ndim
    others = [range(size) if k != axis else [slice(None)] for k, size in enumerate(z.shape)]
    places = [()]
    for choices in others:
        places = [place + (choice,) for place in places for choice in choices]
    for place in places:
        out[place] = softmax_of_list(z[place].tolist())
    return out


def cross_entropy(logits, targets):
    total = 0.0
    for row, target in zip(logits.tolist(), targets.tolist(), strict=True):
        largest = max(row)
        total += largest + math.log(sum(math.exp(v - largest) for v in row)) - row[target]
    return float(total / len(logits))


def cross_entropy_grad(logits, targets):
    n = len(logits)
    grad = []
    for row, target in zip(logits.tolist(), targets.tolist(), strict=True):
        probs = softmax_of_list(row)
        grad.append([(p - (1 if k == target else 0)) / n for k, p in enumerate(probs)])
    return np.array(grad)


def forward_one(x, W1, b1, W2, b2):
    hidden = [
        max(0.0, sum(float(x[i]) * float(W1[i, j]) for i in range(len(x))) + float(b1[j]))
        for j in range(len(b1))
    ]
    logits = [
        sum(hidden[j] * float(W2[j, k]) for j in range(len(hidden))) + float(b2[k]) for k in range(len(b2))
    ]
    return hidden, softmax_of_list(logits)


def mlp_forward(x, W1, b1, W2, b2):
    if x.ndim == 1:
        hidden, probs = forward_one(x, W1, b1, W2, b2)
        return np.array(hidden), np.array(probs)
    both = [forward_one(row, W1, b1, W2, b2) for row in x]
    return np.array([hidden for hidden, _ in both]), np.array([probs for _, probs in both])
