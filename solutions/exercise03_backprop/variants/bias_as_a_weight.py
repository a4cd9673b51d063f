# %% [markdown]
# A notebook's way: cells, a print here and there, and the bias as one more row of the weights.

# %%
import numpy as np
from numpy import exp, log, ndarray

print("Backprop by hand")


# %%
def with_ones(A: ndarray) -> ndarray:
    return np.hstack([A, np.ones((len(A), 1))])


def relu(z):
    return z * (z > 0)


def forward(w, x, b, y_true):
    z = sum(p * q for p, q in ((w, x), (b, 1)))
    a = relu(z)
    return (z, a, (y_true - a) ** 2)


# %%
def backward(w, x, b, y_true):
    z, a, loss = forward(w, x, b, y_true)
    dL_da = 2 * (a - y_true)
    da_dz = np.float64(z > 0)
    dz_dw = x
    dL_dw = dL_da * da_dz * dz_dw
    dL_db = dL_da * da_dz * 1
    return {name: value for name, value in locals().items() if name.startswith("d")}


# %%
def sgd_step(param, grad, lr):
    step = lr * grad
    return param - step


def numerical_gradient(f, theta, eps=1e-5):
    out = []
    for i in range(theta.size):
        bump = np.zeros(theta.size)
        bump[i] = eps
        bump = bump.reshape(theta.shape)
        out.append((f(theta + bump) - f(theta - bump)) / 2 / eps)
    return np.array(out, dtype=np.float64).reshape(theta.shape)


# %%
def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    X1, V1, V2 = with_ones(X), np.vstack([W1, b1]), np.vstack([W2, [b2]])
    Z = X1 @ V1
    H1 = with_ones(relu(Z))
    S = H1 @ V2
    Q = exp(S - S.max())
    P = Q / Q.sum(1, keepdims=True)
    picked = np.take_along_axis(P, y[:, None].astype(np.intp), axis=1)
    loss = np.average(-log(picked))

    E = P.copy()
    np.subtract.at(E, (np.arange(len(y)), y), 1.0)
    dV2 = H1.T @ E / len(y)
    dZ = np.multiply(E @ W2.T, Z > 0)
    dV1 = X1.T @ dZ / len(y)
    return loss, {"W1": dV1[:-1], "b1": dV1[-1], "W2": dV2[:-1], "b2": dV2[-1], "loss": loss}


# %%
if __name__ == "__main__":
    print(sgd_step(0.5, backward(0.5, 2.0, 0.5, 1.0)["dL_dw"], 0.1))
