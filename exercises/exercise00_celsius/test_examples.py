"""The numbers of the README. Run `pytest` in this folder; `dlgrade check exercise00` checks more."""

import numpy as np
import pytest
from celsius import fit, gradients, mse, predict

CELSIUS = np.array([-1.0, 0.0, 2.0])
FAHRENHEIT = np.array([30.2, 32.0, 35.6])


def test_the_true_line_predicts_the_true_temperatures():
    np.testing.assert_allclose(predict(CELSIUS, 1.8, 32.0), FAHRENHEIT)


def test_another_line_predicts_others():
    np.testing.assert_allclose(predict(CELSIUS, 4.8, 32.0), [27.2, 32.0, 41.6])
    np.testing.assert_allclose(predict(CELSIUS, 1.8, 29.0), [27.2, 29.0, 32.6])


def test_mse_of_errors_that_would_cancel():
    # (9 + 0 + 36) / 3, and (9 + 9) / 2
    assert mse(np.array([27.2, 32.0, 41.6]), FAHRENHEIT) == pytest.approx(15.0)
    assert mse(np.array([1.0, 7.0]), np.array([4.0, 4.0])) == pytest.approx(9.0)


@pytest.mark.parametrize(
    ("w", "b", "expected"),
    [(1.8, 32.0, (0.0, 0.0)), (1.8, 29.0, (-2.0, -6.0)), (4.8, 32.0, (10.0, 2.0))],
)
def test_gradients(w, b, expected):
    assert tuple(gradients(CELSIUS, FAHRENHEIT, w, b)) == pytest.approx(expected, abs=1e-12)


def test_two_steps_of_fit():
    w, b, losses = fit(np.array([-1.0, 2.0]), np.array([1.0, 4.0]), 0.25, 2)
    assert w == pytest.approx(1.0)
    assert b == pytest.approx(1.4375)
    assert list(losses) == pytest.approx([8.5, 1.40625])


def test_fit_finds_the_formula():
    w, b, losses = fit(CELSIUS, FAHRENHEIT, 0.25, 300)
    assert w == pytest.approx(1.8)
    assert b == pytest.approx(32.0)
    assert len(losses) == 300
