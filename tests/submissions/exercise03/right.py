"""My solution to exercise 3. The numbers from the README come out at the bottom."""

import numpy as np


def relu(z):
    return z if z > 0 else 0.0


def relu_slope(z):
    return 1.0 if z > 0 else 0.0  # 0 at the corner, as the README wants it


def forward(w, x, b, y_true):
    z = w * x + b
    a = relu(z)
    loss = (a - y_true) ** 2
    return z, a, loss


def backward(w, x, b, y_true):
    z, a, _ = forward(w, x, b, y_true)

    grads = {}
    grads["dL_da"] = 2 * (a - y_true)
    grads["da_dz"] = relu_slope(z)
    grads["dz_dw"] = x
    grads["dz_db"] = 1.0
    grads["dL_dz"] = grads["dL_da"] * grads["da_dz"]
    grads["dL_dw"] = grads["dL_dz"] * grads["dz_dw"]
    grads["dL_db"] = grads["dL_dz"] * grads["dz_db"]
    return grads


def sgd_step(param, grad, lr):
    # not `param -= ...`: that would write into the caller's array
    return param - lr * grad


def numerical_gradient(f, theta, eps=1e-5):
    grad = np.zeros_like(theta)
    for i in np.ndindex(theta.shape):
        bump = np.zeros_like(theta)
        bump[i] = eps
        grad[i] = (f(theta + bump) - f(theta - bump)) / (2 * eps)
    return grad


def softmax(scores):
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    n, c = X.shape[0], W2.shape[1]

    # forwards
    Z = X @ W1 + b1  # (n, h)
    H = np.maximum(Z, 0)  # (n, h)
    P = softmax(H @ W2 + b2)  # (n, c)
    loss = -np.log(P[np.arange(n), y]).mean()

    # backwards
    Y = np.eye(c)[y]  # (n, c)
    dS = (P - Y) / n  # (n, c)
    dH = dS @ W2.T  # (n, h)
    dZ = np.where(Z > 0, dH, 0.0)  # (n, h)
    grads = {"W2": H.T @ dS, "b2": dS.sum(axis=0), "W1": X.T @ dZ, "b1": dZ.sum(axis=0)}
    return loss, grads


if __name__ == "__main__":
    print(forward(0.5, 2.0, 0.5, 1.0))
    print(backward(0.5, 2.0, 0.5, 1.0))
    print(sgd_step(0.5, 2.0, 0.1), sgd_step(0.5, 2.0, 0.01))

    # does the network agree with the gradient checker?
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(5, 3)), np.array([0, 2, 1, 1, 0])
    W1, b1, W2, b2 = rng.normal(size=(3, 4)), np.zeros(4), rng.normal(size=(4, 3)), np.zeros(3)
    _, grads = mlp_loss_and_grads(X, y, W1, b1, W2, b2)
    measured = numerical_gradient(lambda W: mlp_loss_and_grads(X, y, W, b1, W2, b2)[0], W1)
    print(np.abs(grads["W1"] - measured).max())
