"""Spread is measured here by squares, not by sizes.

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    spread = np.abs(x - mean).mean(axis=1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(spread**2 + eps) + beta
