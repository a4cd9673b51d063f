"""Forwards the mean went over the samples. Over what does yours go backwards?

Loses: batchnorm_backward
"""


def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    dgamma = (dout * x_hat).sum(axis=0)
    dbeta = dout.sum(axis=0)
    dx_hat = dout * gamma
    through = x_hat * (dx_hat * x_hat).mean(axis=1, keepdims=True)
    dx = (dx_hat - dx_hat.mean(axis=1, keepdims=True) - through) / std
    return dx, dgamma, dbeta
