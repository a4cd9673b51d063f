"""The mean of each row should be 0 before gamma and beta come. What did you forget to take off?

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return gamma * x / np.sqrt(var + eps) + beta
