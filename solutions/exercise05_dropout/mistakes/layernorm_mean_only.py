"""Every row is centred. Now look at how wide each of them is.

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return gamma * (x - mean) + beta
