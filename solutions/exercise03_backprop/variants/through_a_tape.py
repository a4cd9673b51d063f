"""A little reverse-mode tape of the learner's own: the network's gradients come from it, not from formulas."""

import numpy as np


class Value:
    """An array that knows which arrays it was made of and what each gets back."""

    def __init__(self, data, parents=()):
        self.data = np.asarray(data, dtype=float)
        self.parents = parents
        self.grad = np.zeros(self.data.shape)

    def __add__(self, other):
        return Value(self.data + other.data, [(self, lambda g: g), (other, lambda g: g)])

    def __matmul__(self, other):
        left, right = self.data, other.data
        return Value(left @ right, [(self, lambda g: g @ right.T), (other, lambda g: left.T @ g)])

    def __mul__(self, other):
        left, right = self.data, other.data
        return Value(left * right, [(self, lambda g: g * right), (other, lambda g: g * left)])

    def relu(self):
        gate = np.greater(self.data, 0)
        return Value(self.data * gate, [(self, lambda g: g * gate)])

    def squared_distance(self, target):
        away = self.data - target
        return Value(away**2, [(self, lambda g: g * 2 * away)])

    def cross_entropy(self, labels):
        rows = np.arange(len(labels))
        weights = np.exp(self.data)
        probs = weights / weights.sum(axis=-1)[:, np.newaxis]

        def back(g):
            out = probs.copy()
            out[rows, labels] = probs[rows, labels] - 1
            return g * out / len(labels)

        return Value(-np.log(probs[rows, labels]).mean(), [(self, back)])

    def backward(self, upstream=None):
        upstream = np.ones(self.data.shape) if upstream is None else upstream
        # What was broadcast on the way out is summed on the way back.
        while upstream.ndim > self.grad.ndim:
            upstream = upstream.sum(axis=0)
        self.grad = self.grad + upstream
        for parent, through in self.parents:
            parent.backward(through(upstream))


def graph(w, x, b):
    nodes = Value(w), Value(x), Value(b)
    z = nodes[0] * nodes[1] + nodes[2]
    return *nodes, z, z.relu()


def forward(w, x, b, y_true):
    *_, z, a = graph(w, x, b)
    return z.data, a.data, a.squared_distance(y_true).data


def backward(w, x, b, y_true):
    w, x, b, z, a = graph(w, x, b)
    a.squared_distance(y_true).backward()
    return {
        "dL_da": a.grad,
        "da_dz": 1 if z.data > 0 else 0,
        "dz_dw": x.data,
        "dL_dw": w.grad,
        "dL_db": b.grad,
        "dL_dx": x.grad,
    }


def sgd_step(param, grad, lr):
    if np.ndim(param) == 0:
        return float(param) - lr * float(grad)
    new = np.empty(np.shape(param))
    for index, old in np.ndenumerate(param):
        new[index] = old - lr * grad[index]
    return new


def numerical_gradient(f, theta, eps=1e-5):
    ahead, behind, slopes = theta.copy(), theta.copy(), np.full_like(theta, np.nan)
    for index, here in np.ndenumerate(theta):
        ahead[index], behind[index] = here + eps, here - eps
        slopes[index] = (f(ahead) - f(behind)) / (2.0 * eps)
        ahead[index] = behind[index] = here
    return slopes


def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    weights = {"W1": Value(W1), "b1": Value(b1), "W2": Value(W2), "b2": Value(b2)}
    hidden = (Value(X) @ weights["W1"] + weights["b1"]).relu()
    loss = (hidden @ weights["W2"] + weights["b2"]).cross_entropy(y)
    loss.backward()
    return loss.data, {name: value.grad for name, value in weights.items()}
