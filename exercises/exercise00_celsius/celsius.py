"""Fahrenheit from Celsius: one weight, one bias, gradient descent."""

import numpy as np


def predict(celsius, w, b):
    """Predict a temperature in Fahrenheit for each one in Celsius: w·c + b.

    Parameters
    ----------
    celsius : ndarray of shape (n,), float64
        The temperatures; they are not changed.
    w, b : float
        Weight and bias.

    Returns
    -------
    ndarray of shape (n,), float64
        The predictions.
    """
    raise NotImplementedError("TODO: draw the line")


def mse(pred, target):
    """Average the squared errors.

    Parameters
    ----------
    pred, target : ndarray of shape (n,), float64
        What was predicted, and what is right.

    Returns
    -------
    float
        The mean of (pred − target)².
    """
    raise NotImplementedError("TODO: one number for all the errors")


def gradients(celsius, fahrenheit, w, b):
    """Differentiate the MSE of the line's predictions with respect to w and to b.

    Parameters
    ----------
    celsius, fahrenheit : ndarray of shape (n,), float64
        The same temperatures on both scales.
    w, b : float
        Where the slopes are wanted.

    Returns
    -------
    dL_dw, dL_db : float
        The two slopes.
    """
    raise NotImplementedError("TODO: which way is uphill, and how steep?")


def fit(celsius, fahrenheit, lr, epochs):
    """Find w and b by gradient descent over all samples, from w = b = 0.0.

    Parameters
    ----------
    celsius, fahrenheit : ndarray of shape (n,), float64
        The same temperatures on both scales.
    lr : float
        The learning rate.
    epochs : int
        How many steps to take.

    Returns
    -------
    w, b : float
        Weight and bias after the last step.
    losses : list of float
        ``losses[k]`` is the MSE before update ``k``; there are `epochs` of them.
    """
    raise NotImplementedError("TODO: look, step downhill, repeat")
