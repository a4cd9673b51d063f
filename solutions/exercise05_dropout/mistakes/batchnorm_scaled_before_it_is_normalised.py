"""Whatever gamma is, your output is the same size. Which comes first, the norm or the scale?

Loses: batchnorm_forward, batchnorm_backward
"""


def batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    x = gamma * x
    if training:
        mean, var = x.mean(axis=0), x.var(axis=0)
        old = x / gamma
        running_mean = (1.0 - momentum) * running_mean + momentum * old.mean(axis=0)
        running_var = (1.0 - momentum) * running_var + momentum * old.var(axis=0, ddof=1)
    else:
        mean, var = running_mean, running_var
    std = np.sqrt(var + eps)
    x_hat = (x - mean) / std
    return x_hat + beta, (x_hat, gamma, std), running_mean, running_var
