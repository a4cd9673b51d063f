"""Close, but only to a few digits. Differentiate with a pencil, not with a small step.

Loses: batchnorm_backward
"""


def batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    if training:
        mean, var = x.mean(axis=0), x.var(axis=0)
        running_mean = (1.0 - momentum) * running_mean + momentum * mean
        running_var = (1.0 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    else:
        mean, var = running_mean, running_var
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return gamma * x_hat + beta, (x, x_hat, gamma, eps), running_mean, running_var


def batchnorm_backward(dout, cache):
    x, x_hat, gamma, eps = cache

    def total(x):
        return (dout * gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)).sum()

    dx = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = 1e-5
        dx[index] = (total(x + step) - total(x - step)) / 2e-5
    dgamma = (dout * x_hat).sum(axis=0)
    dbeta = dout.sum(axis=0)
    return dx, dgamma, dbeta
