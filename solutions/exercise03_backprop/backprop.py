"""Backprop by hand: one neuron, a gradient checker, a two-layer network."""

import numpy as np


def forward(w, x, b, y_true):
    z = w * x + b
    a = max(z, 0.0)
    loss = (a - y_true) ** 2
    return z, a, loss


def backward(w, x, b, y_true):
    z = w * x + b
    a = max(z, 0.0)

    dL_da = 2.0 * (a - y_true)  # L = (a − y)²
    da_dz = 1.0 if z > 0.0 else 0.0  # a = max(z, 0), and ReLU'(0) = 0
    dz_dw, dz_db = x, 1.0  # z = w·x + b
    dL_dz = dL_da * da_dz
    return {
        "dL_da": dL_da,
        "da_dz": da_dz,
        "dz_dw": dz_dw,
        "dL_dw": dL_dz * dz_dw,
        "dL_db": dL_dz * dz_db,
    }


def sgd_step(param, grad, lr):
    return param - lr * grad


def numerical_gradient(f, theta, eps=1e-5):
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        ahead, behind = theta.copy(), theta.copy()
        ahead[index] += eps
        behind[index] -= eps
        gradient[index] = (f(ahead) - f(behind)) / (2.0 * eps)
    return gradient


def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    n = len(X)
    each = np.arange(n)

    z1 = X @ W1 + b1  # (n, h)
    hidden = np.maximum(z1, 0.0)
    logits = hidden @ W2 + b2  # (n, c)
    shifted = logits - logits.max(axis=1, keepdims=True)  # softmax does not see a shift, exp does
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -log_probs[each, y].mean()

    dlogits = np.exp(log_probs)  # dL/dlogits = (p − onehot(y)) / n
    dlogits[each, y] -= 1.0
    dlogits /= n
    dz1 = (dlogits @ W2.T) * (z1 > 0.0)  # back through logits = hidden·W2 + b2, then through ReLU
    return loss, {
        "W1": X.T @ dz1,
        "b1": dz1.sum(axis=0),
        "W2": hidden.T @ dlogits,
        "b2": dlogits.sum(axis=0),
    }
