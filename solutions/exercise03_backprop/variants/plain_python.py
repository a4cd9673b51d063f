"""Everything in plain Python numbers and loops; arrays only where they go in and come out."""

import itertools
import math

import numpy as np


def forward(w, x, b, y_true):
    z = float(w) * float(x) + float(b)
    a = z if z > 0 else 0
    loss = (a - y_true) * (a - y_true)
    return [z, a, loss]


def backward(w, x, b, y_true):
    z, a, _ = forward(w, x, b, y_true)
    da_dz = int(z > 0)
    dL_da = 2 * a - 2 * y_true
    return {"dL_da": dL_da, "da_dz": da_dz, "dz_dw": x, "dL_dw": dL_da * da_dz * x, "dL_db": dL_da * da_dz}


def sgd_step(param, grad, lr):
    if isinstance(param, float):
        return param - lr * grad
    stepped = [p - lr * g for p, g in zip(param.ravel().tolist(), grad.ravel().tolist(), strict=True)]
    return np.array(stepped).reshape(param.shape)


def numerical_gradient(f, theta, eps=1e-5):
    slopes = np.zeros(theta.shape)
    for index in itertools.product(*(range(side) for side in theta.shape)):
        ahead = theta.copy()
        ahead[index] = float(theta[index]) + eps
        behind = theta.copy()
        behind[index] = float(theta[index]) - eps
        slopes[index] = f(ahead) / (2 * eps) - f(behind) / (2 * eps)
    return slopes


def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    (n, d), (h, c) = X.shape, W2.shape
    loss = 0.0
    dW1, db1 = [[0.0] * h for _ in range(d)], [0.0] * h
    dW2, db2 = [[0.0] * c for _ in range(h)], [0.0] * c
    for i in range(n):
        z = [sum(X[i, j] * W1[j, k] for j in range(d)) + b1[k] for k in range(h)]
        hidden = [max(value, 0.0) for value in z]
        scores = [sum(hidden[k] * W2[k, m] for k in range(h)) + b2[m] for m in range(c)]
        total = sum(math.exp(score) for score in scores)
        loss += (math.log(total) - scores[y[i]]) / n
        for m in range(c):
            error = (math.exp(scores[m]) / total - (1.0 if m == y[i] else 0.0)) / n
            db2[m] += error
            for k in range(h):
                dW2[k][m] += hidden[k] * error
                if z[k] > 0:
                    db1[k] += W2[k, m] * error
                    for j in range(d):
                        dW1[j][k] += X[i, j] * W2[k, m] * error
    return loss, {"W1": np.array(dW1), "b1": np.array(db1), "W2": np.array(dW2), "b2": np.array(db2)}
