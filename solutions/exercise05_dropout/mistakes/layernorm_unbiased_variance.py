"""The variance of all features there are has the divisor d. And what would d − 1 be for a single feature?

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    var = x.var(axis=1, keepdims=True, ddof=min(1, x.shape[1] - 1))
    return gamma * (x - x.mean(axis=1, keepdims=True)) / np.sqrt(var + eps) + beta
