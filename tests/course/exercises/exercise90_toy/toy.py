"""A toy with one of everything: fill in each TODO."""


def double(x):
    """Double an array.

    Parameters
    ----------
    x : ndarray, float64

    Returns
    -------
    ndarray of the same shape
    """
    raise NotImplementedError("TODO: twice x")


def add(a, b):
    """Add two numbers.

    Parameters
    ----------
    a, b : float

    Returns
    -------
    float
    """
    raise NotImplementedError("TODO: a plus b")


def total(f, n):
    """Sum a function's values at 0, 1, ..., n - 1.

    Parameters
    ----------
    f : callable
        Takes an int, returns a float.
    n : int

    Returns
    -------
    float
    """
    raise NotImplementedError("TODO: f(0) + ... + f(n - 1)")


def make_counter(start):
    """Make an object that counts on from a number.

    Parameters
    ----------
    start : int

    Returns
    -------
    object
        Its method ``increment()`` returns the next number, ``start + 1`` first.
    """
    raise NotImplementedError("TODO: an object that counts")


def split(x):
    """Halve an array and remember it.

    Parameters
    ----------
    x : ndarray, float64

    Returns
    -------
    half : ndarray of the same shape
    cache : object
        Whatever `join` needs.
    """
    raise NotImplementedError("TODO: half of x, and what join needs")


def join(cache):
    """Give back the array that `split` was given.

    Parameters
    ----------
    cache : object

    Returns
    -------
    ndarray
    """
    raise NotImplementedError("TODO: the array, from what split remembered")


def draw_normal(n, rng):
    """Draw from the standard normal distribution.

    Parameters
    ----------
    n : int
    rng : numpy.random.Generator

    Returns
    -------
    ndarray of shape (n,), float64
    """
    raise NotImplementedError("TODO: n numbers from rng")


def by_hand_tanh(z):
    """Take tanh of an array.

    Parameters
    ----------
    z : ndarray, float64

    Returns
    -------
    ndarray of the same shape
    """
    raise NotImplementedError("TODO: tanh, with exponentials")


def quadruple(x):
    """Quadruple an array.

    Parameters
    ----------
    x : ndarray, float64

    Returns
    -------
    ndarray of the same shape
    """
    raise NotImplementedError("TODO: four times x")
