"""Exercise 02: activations, softmax, cross-entropy, and the forward pass of a two-layer network.

Fill in each function. You may import the standard library and NumPy. No function changes its arguments.
"""

import numpy as np


def relu(z):
    """Return the rectified linear unit of each element.

    Parameters
    ----------
    z : ndarray of any shape, float64

    Returns
    -------
    ndarray of z's shape
        ``z`` where it is positive, 0 elsewhere.
    """
    raise NotImplementedError("TODO: write relu")


def leaky_relu(z, slope=0.01):
    """Return the leaky rectified linear unit of each element.

    Parameters
    ----------
    z : ndarray of any shape, float64
    slope : float, 0 <= slope < 1
        The slope of the function where ``z`` is negative.

    Returns
    -------
    ndarray of z's shape
    """
    raise NotImplementedError("TODO: write leaky_relu")


def sigmoid(z):
    """Return the logistic function 1 / (1 + e^-z) of each element.

    Parameters
    ----------
    z : ndarray of any shape, float64, with elements up to ±10,000

    Returns
    -------
    ndarray of z's shape
        Finite, and computed without overflow or invalid-value warnings.
    """
    raise NotImplementedError("TODO: write sigmoid")


def tanh(z):
    """Return the hyperbolic tangent of each element, without a ready-made tanh.

    Parameters
    ----------
    z : ndarray of any shape, float64, with elements up to ±10,000

    Returns
    -------
    ndarray of z's shape
        Finite, and computed without overflow or invalid-value warnings.
    """
    raise NotImplementedError("TODO: write tanh")


def gelu(z):
    """Return the Gaussian error linear unit z * Phi(z) of each element.

    Parameters
    ----------
    z : ndarray of any shape, float64, with elements up to ±10,000

    Returns
    -------
    ndarray of z's shape
        The exact value, with Phi the standard normal's cumulative distribution function.
    """
    raise NotImplementedError("TODO: write gelu")


def softmax(z, axis=-1):
    """Return the probabilities that belong to scores.

    Parameters
    ----------
    z : ndarray of one dimension or more, float64, with elements up to ±10,000
    axis : int
        The axis along which the scores compete; the result sums to 1 along it.

    Returns
    -------
    ndarray of z's shape
    """
    raise NotImplementedError("TODO: write softmax")


def cross_entropy(logits, targets):
    """Return the mean negative log-likelihood of the targets.

    Parameters
    ----------
    logits : ndarray of shape (n, c), float64, with elements up to ±10,000
    targets : ndarray of shape (n,), any integer dtype
        The right class of each sample, from 0 to c - 1.

    Returns
    -------
    float
    """
    raise NotImplementedError("TODO: write cross_entropy")


def cross_entropy_grad(logits, targets):
    """Return the gradient of the mean cross-entropy with respect to the logits.

    Parameters
    ----------
    logits : ndarray of shape (n, c), float64
    targets : ndarray of shape (n,), any integer dtype

    Returns
    -------
    ndarray of shape (n, c)
    """
    raise NotImplementedError("TODO: write cross_entropy_grad")


def mlp_forward(x, W1, b1, W2, b2):
    """Run a network with one ReLU hidden layer and a softmax output.

    Parameters
    ----------
    x : ndarray of shape (d,) or (n, d), float64
        One sample, or a batch with a sample in each row.
    W1, b1 : ndarrays of shapes (d, h) and (h,)
        The hidden layer's weights and biases.
    W2, b2 : ndarrays of shapes (h, c) and (c,)
        The output layer's weights and biases.

    Returns
    -------
    hidden : ndarray of shape (h,) or (n, h)
        The hidden layer's activations, after the ReLU.
    probs : ndarray of shape (c,) or (n, c)
        The probability of each class.
    """
    raise NotImplementedError("TODO: write mlp_forward")
