"""The numbers of the README. Run `pytest` in this folder."""

import numpy as np
from moving_average import exponential_average, moving_average

X = np.array([1.0, 2.0, 6.0, 4.0])


def test_moving_average():
    np.testing.assert_allclose(moving_average(X, 2), [1.5, 4.0, 5.0])
    np.testing.assert_allclose(moving_average(X, 3), [3.0, 4.0])


def test_exponential_average():
    np.testing.assert_allclose(exponential_average(X), [1.0, 1.5, 3.75, 3.875])
    np.testing.assert_allclose(exponential_average(X, alpha=0.25), [1.0, 1.25, 2.4375, 2.828125])
