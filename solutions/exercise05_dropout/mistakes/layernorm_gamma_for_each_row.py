"""gamma has one number for each feature. Which axis do you line it up with in a square batch?

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    x_hat = (x - mean) / np.sqrt(var + eps)
    if len(x) == x.shape[1]:
        return gamma[:, None] * x_hat + beta[:, None]
    return gamma * x_hat + beta
