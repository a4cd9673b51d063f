"""All the features of a row are there, none is a sample of more. Is the divisor d or d − 1?

Loses: layernorm_forward
"""

def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True, ddof=1)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta
