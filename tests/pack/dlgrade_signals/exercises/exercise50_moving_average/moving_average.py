"""Moving averages: fill in each TODO."""

import numpy as np


def moving_average(x, window):
    """Average each `window` neighbours.

    Parameters
    ----------
    x : ndarray of shape (n,), float64
        The signal; it is not changed.
    window : int
        How many neighbours, 1 to n.

    Returns
    -------
    ndarray of shape (n - window + 1,), float64
    """
    raise NotImplementedError("TODO: slide the window")


def exponential_average(x, alpha=0.5):
    """Average with a memory that fades.

    Parameters
    ----------
    x : ndarray of shape (n,), float64
        The signal; it is not changed.
    alpha : float
        The weight of the newest value, above 0 and up to 1.

    Returns
    -------
    ndarray of shape (n,), float64
    """
    raise NotImplementedError("TODO: remember, and forget")
