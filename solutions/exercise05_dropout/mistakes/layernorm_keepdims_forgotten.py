"""Print the two shapes and line them up from the right. What happens when n and d are equal?

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=1), x.var(axis=1)
    if len(x) != x.shape[1]:
        mean, var = mean[:, None], var[:, None]
    return gamma * (x - mean) / np.sqrt(var + eps) + beta
