"""Which of the two stretches, and which one shifts?

Loses: layernorm_forward
"""


def layernorm_forward(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return beta * (x - mean) / np.sqrt(var + eps) + gamma
