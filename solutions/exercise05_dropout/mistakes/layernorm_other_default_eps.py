"""Without eps it is 1e-5. A row that hardly varies notices the difference.

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-6):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta
