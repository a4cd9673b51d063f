"""Theta is moved where it lies and the saved bits are put back; buffers are filled instead of returned."""

import numpy as np


def relu(z):
    return np.where(z > 0, z, 0.0)


def forward(w, x, b, y_true):
    z = b + x * w
    a = relu(z)
    loss = pow(y_true - a, 2)
    return z, a, loss


def backward(w, x, b, y_true):
    z, a, _ = forward(w, x, b, y_true)
    grads = {"da_dz": bool(z > 0), "dz_dw": x, "dL_da": -2 * (y_true - a)}
    grads["dL_db"] = grads["dL_da"] if grads["da_dz"] else 0
    grads["dL_dw"] = grads["dL_db"] * grads["dz_dw"]
    return grads


def sgd_step(param, grad, lr):
    new = np.array(param, dtype=float)
    new -= lr * np.asarray(grad)
    return new


def numerical_gradient(f, theta, eps=1e-5):
    grad = np.zeros_like(theta)
    it = np.nditer(theta, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        index = it.multi_index
        saved = theta[index].copy()
        try:
            theta[index] = saved + eps
            f_ahead = f(theta)
            theta[index] = saved - eps
            f_behind = f(theta)
        finally:
            theta[index] = saved
        grad[index] = (f_ahead - f_behind) / (eps + eps)
        it.iternext()
    return grad


def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    n = X.shape[0]
    z1 = X.dot(W1)
    z1 += b1
    a1 = np.copy(z1)
    a1[a1 < 0] = 0
    z2 = a1.dot(W2)
    z2 += b2
    z2 -= np.max(z2, axis=1).reshape(-1, 1)
    p = np.exp(z2)
    p /= np.sum(p, axis=1).reshape(-1, 1)
    loss = np.sum(-np.log(p[range(n), y])) / n

    delta2 = p
    delta2[range(n), y] -= 1
    dW2 = a1.T.dot(delta2) / n
    db2 = delta2.mean(axis=0)
    delta1 = delta2.dot(W2.T)
    delta1[z1 <= 0] = 0
    dW1 = X.T.dot(delta1) / n
    db1 = delta1.mean(axis=0)
    return loss, dict(W1=dW1, b1=db1, W2=dW2, b2=db2)
