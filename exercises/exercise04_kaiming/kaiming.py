"""Kaiming initialisation: how to draw weights, and what depth does to activations and gradients."""

import numpy as np


def xavier_normal(n_in, n_out, rng):
    """Draw a weight matrix with standard deviation 1/√n_in.

    Parameters
    ----------
    n_in, n_out : int
        How many inputs and outputs the layer has.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    ndarray of shape (n_in, n_out), float64
        Independent normal numbers with mean 0.
    """
    raise NotImplementedError("TODO: draw n_in x n_out normal numbers")


def kaiming_normal(n_in, n_out, rng):
    """Draw a weight matrix with standard deviation √(2/n_in), for a layer followed by ReLU.

    Parameters
    ----------
    n_in, n_out : int
        How many inputs and outputs the layer has; `n_in` is the fan-in.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    ndarray of shape (n_in, n_out), float64
        Independent normal numbers with mean 0.
    """
    raise NotImplementedError("TODO: draw n_in x n_out normal numbers")


def init_mlp(layer_sizes, scheme, rng):
    """Draw all layers of a network, one after the other from the one generator.

    Parameters
    ----------
    layer_sizes : list or tuple of int
        Features, the units of every hidden layer, classes.
    scheme : str
        "xavier" or "kaiming", for every layer.
    rng : numpy.random.Generator
        The only source of randomness.

    Returns
    -------
    list of (W, b)
        W is an ndarray of shape (n_in, n_out), b an ndarray of n_out zeros; one pair less than
        there are sizes.

    Raises
    ------
    ValueError
        If `scheme` is anything else; the message names `scheme`.
    """
    raise NotImplementedError("TODO: one (W, b) for every two sizes in a row")


def activation_stds(X, layers, activation):
    """Measure the spread of every hidden layer's activations.

    Parameters
    ----------
    X : ndarray of shape (n, d), float64
        The samples.
    layers : list of (W, b)
        As `init_mlp` gives them; here the biases need not be zero.
    activation : str
        "relu", "tanh" or "sigmoid", after every layer but the last.

    Returns
    -------
    list of float
        The standard deviation (divisor N) over all entries of each hidden layer's activations,
        first to last.
    """
    raise NotImplementedError("TODO: go forwards and measure after every hidden layer")


def gradient_norms(X, y, layers, activation):
    """Measure how strong the gradient is that arrives at every layer's weights.

    The loss is the softmax cross-entropy of what the last, linear layer puts out, averaged over the
    batch. ReLU'(0) = 0.

    Parameters
    ----------
    X : ndarray of shape (n, d), float64
        The samples.
    y : ndarray of shape (n,), any integer dtype
        Their labels, 0..c-1.
    layers : list of (W, b)
        As `init_mlp` gives them; here the biases need not be zero.
    activation : str
        "relu", "tanh" or "sigmoid", after every layer but the last.

    Returns
    -------
    list of float
        The Frobenius norm of dL/dW of every layer, first to last.
    """
    raise NotImplementedError("TODO: forwards to the logits, then backwards to every W")


def dead_relu_fraction(pre_activations):
    """Tell which part of a layer's units is dead: 0 after ReLU for every sample.

    Parameters
    ----------
    pre_activations : ndarray of shape (n, units), float64
        What enters ReLU, a row for each sample, a column for each unit.

    Returns
    -------
    float
        The fraction of columns without a single entry above 0.
    """
    raise NotImplementedError("TODO: count the columns that never rise above 0")
