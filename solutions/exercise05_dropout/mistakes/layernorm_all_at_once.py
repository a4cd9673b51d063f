"""One mean for the whole batch? Ask a row alone and in company: it should come out the same.

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + eps) + beta
