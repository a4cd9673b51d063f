"""gamma stretches x̂, then beta shifts it. Does your gamma stretch the shift as well?

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return gamma * ((x - mean) / np.sqrt(var + eps) + beta)
