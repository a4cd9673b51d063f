"""One row in, one row out, as an array of shape (1, d). What did you squeeze?

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return np.squeeze(gamma * (x - mean) / np.sqrt(var + eps) + beta)
