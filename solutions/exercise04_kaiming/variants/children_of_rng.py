"""A child generator for each layer; a small tape for the gradients."""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    (child,) = rng.spawn(1)
    return child.standard_normal((n_in, n_out)) / np.sqrt(n_in)


def kaiming_normal(n_in, n_out, rng):
    return np.sqrt(2) * xavier_normal(n_in, n_out, rng)


def init_mlp(layer_sizes, scheme, rng):
    if scheme != "xavier" and scheme != "kaiming":
        raise ValueError(f"unknown scheme {scheme!r}")
    draw = xavier_normal if scheme == "xavier" else kaiming_normal
    children = rng.spawn(len(layer_sizes) - 1)
    return [
        (draw(layer_sizes[k], layer_sizes[k + 1], child), np.zeros(layer_sizes[k + 1]))
        for k, child in enumerate(children)
    ]


class Value:
    """An array that knows how to send a gradient back to what it was made of."""

    def __init__(self, data, back=None):
        self.data = np.asarray(data)
        self.grad = 0.0
        self._back = back

    def backward(self, grad):
        self.grad = self.grad + grad
        if self._back:
            self._back(grad)


def affine(x, W, b):
    def back(grad):
        W.backward(x.data.T @ grad)
        x.backward(grad @ W.data.T)

    return Value(x.data @ W.data + b, back)


def relu(z):
    out = np.where(z.data > 0, z.data, 0.0)
    return Value(out, lambda grad: z.backward(np.where(z.data > 0, grad, 0.0)))


def tanh(z):
    out = np.tanh(z.data)
    return Value(out, lambda grad: z.backward(grad - grad * out * out))


def sigmoid(z):
    out = 1 / (1 + np.exp(-z.data))
    return Value(out, lambda grad: z.backward(grad * out * (1 - out)))


FUNCTIONS = {"relu": relu, "tanh": tanh, "sigmoid": sigmoid}


def run(X, layers, activation):
    x, weights, hidden = Value(X), [], []
    for k, (W, b) in enumerate(layers):
        weights.append(Value(W))
        x = affine(x, weights[-1], b)
        if k < len(layers) - 1:
            x = FUNCTIONS[activation](x)
            hidden.append(x.data)
    return x, weights, hidden


def activation_stds(X, layers, activation):
    _, _, hidden = run(X, layers, activation)
    return [np.sqrt(np.var(a)) for a in hidden]


def gradient_norms(X, y, layers, activation):
    logits, weights, _ = run(X, layers, activation)
    e = np.exp(logits.data)
    grad = e / e.sum(axis=1, keepdims=True)
    for i, label in enumerate(y):
        grad[i, label] -= 1
    logits.backward(grad / len(grad))
    return [np.linalg.norm(W.grad, "fro") for W in weights]


def dead_relu_fraction(pre_activations):
    outputs = np.maximum(pre_activations, 0)
    return (outputs.sum(axis=0) == 0).sum() / outputs.shape[1]
