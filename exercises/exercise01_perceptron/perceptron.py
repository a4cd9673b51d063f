"""Exercise 01: the perceptron, one neuron that learns a straight line from its mistakes.

Fill in each function. You may import the standard library and NumPy. No function changes its arguments.
"""

import numpy as np


def predict(X, w, b):
    """Return the class of each sample.

    Parameters
    ----------
    X : ndarray of shape (n, d), float64
        One sample per row.
    w : ndarray of shape (d,), float64
        The weights.
    b : float
        The bias.

    Returns
    -------
    ndarray of shape (n,), of an integer dtype
        1 where ``X @ w + b > 0``, 0 elsewhere. On the line itself, at exactly 0, the class is 0.
    """
    raise NotImplementedError("TODO: write predict")


def update(w, b, x, y, lr):
    """Return the weights and the bias after one sample was looked at (Rosenblatt's rule).

    Parameters
    ----------
    w : ndarray of shape (d,), float64
    b : float
    x : ndarray of shape (d,), float64
        One sample.
    y : int
        Its label, 0 or 1.
    lr : float
        The learning rate.

    Returns
    -------
    w_new : ndarray of shape (d,)
        ``w`` itself if the sample is classified rightly.
    b_new : float
        ``b`` itself if the sample is classified rightly.
    """
    raise NotImplementedError("TODO: write update")


def fit(X, y, lr=1.0, max_epochs=100):
    """Train a perceptron from zeros, sample by sample in the given order.

    Parameters
    ----------
    X : ndarray of shape (n, d), float64
    y : ndarray of shape (n,), of any integer dtype
        The labels, 0 or 1.
    lr : float
        The learning rate.
    max_epochs : int
        The most passes through the data.

    Returns
    -------
    w : ndarray of shape (d,)
    b : float
    mistakes : list of int
        For each epoch, how many predictions were wrong as its samples came by. Training stops after the first
        epoch without a mistake; the 0 of that epoch is the last entry.
    """
    raise NotImplementedError("TODO: write fit")
