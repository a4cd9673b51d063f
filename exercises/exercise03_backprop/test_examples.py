"""The numbers of the README. Run `pytest` in this folder; `dlgrade check exercise03` checks far more."""

import math

import numpy as np
import pytest
from backprop import backward, forward, mlp_loss_and_grads, numerical_gradient, sgd_step


@pytest.mark.parametrize(
    ("neuron", "expected"),
    [
        ((0.5, 2.0, 0.5, 1.0), (1.5, 1.5, 0.25)),
        ((0.5, -4.0, 4.0, 2.125), (2.0, 2.0, 0.015625)),
        ((0.5, -2.0, 0.5, 1.0), (-0.5, 0.0, 1.0)),
    ],
)
def test_forward_gives_z_a_and_the_loss(neuron, expected):
    """A live neuron, one with a negative input, a dead one."""
    assert tuple(forward(*neuron)) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("neuron", "expected"),
    [
        ((0.5, 2.0, 0.5, 1.0), {"dL_da": 1.0, "da_dz": 1.0, "dz_dw": 2.0, "dL_dw": 2.0, "dL_db": 1.0}),
        ((0.5, -4.0, 4.0, 2.125), {"dL_da": -0.25, "da_dz": 1.0, "dz_dw": -4.0, "dL_dw": 1, "dL_db": -0.25}),
        ((0.5, -2.0, 0.5, 1.0), {"dL_da": -2.0, "da_dz": 0.0, "dz_dw": -2.0, "dL_dw": 0.0, "dL_db": 0.0}),
        ((0.5, -2.0, 1.0, 1.0), {"dL_da": -2.0, "da_dz": 0.0, "dz_dw": -2.0, "dL_dw": 0.0, "dL_db": 0.0}),
    ],
)
def test_backward_gives_every_slope(neuron, expected):
    """A live neuron, a negative input, a dead neuron, and z exactly 0."""
    slopes = backward(*neuron)
    for key, value in expected.items():
        assert float(slopes[key]) == pytest.approx(value), key


@pytest.mark.parametrize(("lr", "expected"), [(0.1, 0.3), (0.01, 0.48)])
def test_one_step_moves_the_weight_downhill(lr, expected):
    """The worked example: 0.5 → 0.3, or 0.48 with a tenth of the learning rate."""
    assert sgd_step(0.5, 2.0, lr) == pytest.approx(expected)


def test_one_step_makes_a_new_array():
    """An array is stepped entry by entry, and the old one stays."""
    old = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    new = sgd_step(old, np.ones((2, 3)), 0.5)
    np.testing.assert_allclose(new, [[0.5, 1.5, 2.5], [3.5, 4.5, 5.5]])
    assert old[0, 0] == 1.0


def test_numerical_gradient_of_a_sum_of_cubes():
    """d(Σt³)/dt is 3t², plus eps² for central differences."""
    theta = np.array([[2.0, -1.0, 0.0], [1.0, 3.0, -2.0]])
    cubes = lambda t: float((t**3).sum())  # noqa: E731
    np.testing.assert_allclose(numerical_gradient(cubes, theta), 3 * theta**2, atol=1e-8)
    np.testing.assert_allclose(numerical_gradient(cubes, theta, eps=0.5), 3 * theta**2 + 0.25)


def test_mlp_with_zero_output_weights():
    """All probabilities are 1/3, so the loss is log 3 and the gradients are thirds and sixths."""
    X = W1 = np.eye(2)
    loss, grads = mlp_loss_and_grads(X, np.array([0, 2]), W1, np.zeros(2), np.zeros((2, 3)), np.zeros(3))
    assert loss == pytest.approx(math.log(3))
    np.testing.assert_allclose(grads["W2"], [[-1 / 3, 1 / 6, 1 / 6], [1 / 6, 1 / 6, -1 / 3]])
    np.testing.assert_allclose(grads["b2"], [-1 / 6, 1 / 3, -1 / 6])
    np.testing.assert_allclose(grads["W1"], np.zeros((2, 2)))
    np.testing.assert_allclose(grads["b1"], np.zeros(2))
