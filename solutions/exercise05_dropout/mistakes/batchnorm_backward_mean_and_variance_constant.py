"""Moving one x moves the mean too, and the variance. What must each column of dx sum to?

Loses: batchnorm_backward
"""


def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    dgamma = (dout * x_hat).sum(axis=0)
    dbeta = dout.sum(axis=0)
    dx = dout * gamma / std
    return dx, dgamma, dbeta
