"""Both running values are to move. Does your correction factor n / (n − 1) reach the mean as well?

Loses: batchnorm_forward
"""


def batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = x.mean(axis=0), x.var(axis=0)
        bessel = len(x) / (len(x) - 1)
        running_mean = (1.0 - momentum) * running_mean + momentum * mean * bessel
        running_var = (1.0 - momentum) * running_var + momentum * var * bessel
    else:
        mean, var = running_mean, running_var
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    out = gamma * x_hat + beta
    return out, (x_hat, gamma, std), running_mean, running_var
