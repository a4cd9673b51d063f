"""Backprop by hand: one neuron, a gradient checker, a two-layer network."""

import numpy as np


def forward(w, x, b, y_true):
    """Run one neuron forwards: z = w·x + b, a = ReLU(z), L = (a − y_true)².

    Parameters
    ----------
    w, x, b : float
        Weight, input and bias.
    y_true : float
        The target.

    Returns
    -------
    z, a, loss : float
        Pre-activation, activation and squared error.
    """
    raise NotImplementedError("TODO: compute z, a and the loss")


def backward(w, x, b, y_true):
    """Give every local slope of the neuron and the gradients they multiply to.

    ReLU'(0) = 0.

    Parameters
    ----------
    w, x, b, y_true : float
        As in `forward`.

    Returns
    -------
    dict of str to float
        With the keys "dL_da", "da_dz", "dz_dw", "dL_dw" and "dL_db".
    """
    raise NotImplementedError("TODO: walk the graph from the loss back to w and b")


def sgd_step(param, grad, lr):
    """Take one step of gradient descent.

    Parameters
    ----------
    param : float or ndarray of any shape, float64
        The parameter; it is not changed.
    grad : float or ndarray of param's shape, float64
        The gradient of the loss with respect to `param`.
    lr : float
        The learning rate.

    Returns
    -------
    float or ndarray of param's shape
        The new parameter.
    """
    raise NotImplementedError("TODO: return the parameter after one step")


def numerical_gradient(f, theta, eps=1e-5):
    """Estimate the gradient of a scalar function by central differences.

    Parameters
    ----------
    f : callable
        Takes an ndarray of theta's shape, returns a float.
    theta : ndarray of any shape (0-d too), float64
        Where the gradient is wanted; afterwards it holds what it held, to the bit.
    eps : float
        The step to either side.

    Returns
    -------
    ndarray of theta's shape, float64
        The estimate of df/dtheta.
    """
    raise NotImplementedError("TODO: move one entry at a time, by eps to either side")


def mlp_loss_and_grads(X, y, W1, b1, W2, b2):
    """Compute loss and gradients of a two-layer network: ReLU, then softmax cross-entropy.

    The loss is averaged over the batch. No argument is changed.

    Parameters
    ----------
    X : ndarray of shape (n, d), float64
        The samples.
    y : ndarray of shape (n,), any integer dtype
        Their labels, 0..c-1.
    W1, b1 : ndarray of shape (d, h) and (h,), float64
        The hidden layer.
    W2, b2 : ndarray of shape (h, c) and (c,), float64
        The output layer.

    Returns
    -------
    loss : float
        The mean negative log-probability of the labels.
    grads : dict of str to ndarray
        With the keys "W1", "b1", "W2" and "b2", each of its parameter's shape.
    """
    raise NotImplementedError("TODO: forwards to the loss, then backwards to every parameter")
