"""In training the batch normalises itself. Your running values come a step too early.

Loses: batchnorm_forward, batchnorm_backward
"""


def batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    mean, var = running_mean, running_var
    if training:
        running_mean = (1.0 - momentum) * running_mean + momentum * x.mean(axis=0)
        running_var = (1.0 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    out = gamma * x_hat + beta
    return out, (x_hat, gamma, std), running_mean, running_var
