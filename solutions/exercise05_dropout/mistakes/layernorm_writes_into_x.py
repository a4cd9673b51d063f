"""You were lent x. Look at the caller's batch afterwards.

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    x -= mean
    x /= np.sqrt(var + eps)
    return gamma * x + beta
