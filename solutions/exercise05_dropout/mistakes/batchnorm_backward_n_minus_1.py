"""The variance that normalised had the divisor n. Which one does your gradient believe in?

Loses: batchnorm_backward
"""


def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    dgamma = (dout * x_hat).sum(axis=0)
    dbeta = dout.sum(axis=0)
    dx_hat = dout * gamma
    through = (dx_hat * x_hat).sum(axis=0) / (len(dout) - 1)
    dx = (dx_hat - dx_hat.mean(axis=0) - x_hat * through) / std
    return dx, dgamma, dbeta
