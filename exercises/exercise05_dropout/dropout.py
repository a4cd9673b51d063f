"""Dropout, batch and layer normalisation by hand, and an MLP that has them."""

import numpy as np
import torch


def dropout_forward(x, p, rng, training=True):
    """Drop elements at random and scale up the rest: inverted dropout.

    Parameters
    ----------
    x : ndarray of any shape (0-d too), float64
        The activations; they are not changed.
    p : float
        The probability of dropping an element, in [0, 1).
    rng : numpy.random.Generator
        The only source of randomness.
    training : bool
        Whether anything is dropped at all.

    Returns
    -------
    out : ndarray of x's shape
        ``x * mask``; not training, it equals `x`.
    mask : ndarray of x's shape
        0 or ``1 / (1 - p)``, each element drawn on its own; not training, all ones.

    Raises
    ------
    ValueError
        If `p` is outside [0, 1), in training and not; the message names `p`.
    """
    raise NotImplementedError("TODO: one coin for each element")


def dropout_backward(dout, mask):
    """Carry a gradient back through `dropout_forward`.

    Parameters
    ----------
    dout : ndarray of any shape, float64
        The gradient of the loss with respect to ``out``.
    mask : ndarray of dout's shape
        As `dropout_forward` returned it.

    Returns
    -------
    ndarray of dout's shape
        The gradient with respect to ``x``.
    """
    raise NotImplementedError("TODO: back through the same doors")


def batchnorm_forward(x, gamma, beta, running_mean, running_var, training, momentum=0.1, eps=1e-5):
    """Normalise each feature over the batch, or by what earlier batches were like.

    Parameters
    ----------
    x : ndarray of shape (n, d), float64
        The batch; n ≥ 2 in training.
    gamma, beta : ndarray of shape (d,), float64
        Scale and shift.
    running_mean, running_var : ndarray of shape (d,), float64
        What is remembered; these arrays are not changed.
    training : bool
        Whether the batch's own statistics normalise, and are remembered.
    momentum : float
        The weight of the new in what is remembered.
    eps : float
        Added to the variance, under the root.

    Returns
    -------
    out : ndarray of shape (n, d)
        The normalised batch, scaled and shifted.
    cache : object
        Whatever `batchnorm_backward` needs.
    new_running_mean, new_running_var : ndarray of shape (d,)
        In training moved toward the batch's mean and unbiased variance, else as they were.
    """
    raise NotImplementedError("TODO: normalise with n, remember with n - 1")


def batchnorm_backward(dout, cache):
    """Carry a gradient back through `batchnorm_forward` in training.

    Parameters
    ----------
    dout : ndarray of shape (n, d), float64
        The gradient of the loss with respect to ``out``.
    cache : object
        As `batchnorm_forward` returned it; it is not changed.

    Returns
    -------
    dx : ndarray of shape (n, d)
        The gradient with respect to ``x``.
    dgamma, dbeta : ndarray of shape (d,)
        The gradients with respect to ``gamma`` and ``beta``.
    """
    raise NotImplementedError("TODO: moving one x moves the mean and the variance too")


def layernorm_forward(x, gamma, beta, eps=1e-5):
    """Normalise each row over its features.

    Parameters
    ----------
    x : ndarray of shape (n, d), float64
        The rows.
    gamma, beta : ndarray of shape (d,), float64
        Scale and shift of each feature.
    eps : float
        Added to the variance, under the root.

    Returns
    -------
    ndarray of shape (n, d)
        The normalised rows, scaled and shifted.
    """
    raise NotImplementedError("TODO: the same, turned by 90 degrees")


class RobustMLP(torch.nn.Module):
    """Twice Linear → BatchNorm1d → ReLU → Dropout, then Linear.

    Every Linear's weight is drawn from Kaiming's normal distribution for ReLU, with fan-in.

    Parameters
    ----------
    input_dim, hidden_dim, output_dim : int
        Features, units of each hidden layer, outputs.
    dropout_rate : float
        The probability of dropping a hidden unit.
    """

    def __init__(self, input_dim, hidden_dim, output_dim, dropout_rate=0.3):
        super().__init__()
        raise NotImplementedError("TODO: build the layers and draw their weights")

    def forward(self, x):
        """Give the outputs, of shape (n, output_dim), for x of shape (n, input_dim)."""
        raise NotImplementedError("TODO: run x through the layers")
