"""Without taking off the mean first that is RMSNorm, another layer.

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    return gamma * x / np.sqrt((x**2).mean(axis=1, keepdims=True) + eps) + beta
