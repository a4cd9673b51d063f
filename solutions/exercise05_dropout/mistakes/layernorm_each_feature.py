"""That is batch normalisation. Here each row looks at itself alone.

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta
