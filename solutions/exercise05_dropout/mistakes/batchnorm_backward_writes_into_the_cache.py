"""Ask the same cache twice: the second answer is another. What did you write into?

Loses: batchnorm_backward
"""


def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    dgamma = (dout * x_hat).sum(axis=0)
    dbeta = dout.sum(axis=0)
    x_hat *= (dout * gamma * x_hat).mean(axis=0)
    dx_hat = dout * gamma
    dx = (dx_hat - dx_hat.mean(axis=0) - x_hat) / std
    return dx, dgamma, dbeta
