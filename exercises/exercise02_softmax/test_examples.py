"""Examples with numbers that can be checked by hand. Run them with `pytest` in this folder."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from softmax import (
    cross_entropy,
    cross_entropy_grad,
    gelu,
    leaky_relu,
    mlp_forward,
    relu,
    sigmoid,
    softmax,
    tanh,
)

ln = np.log

LOGITS = np.array([[0.0, 0.0], [0.0, ln(3)]])
TARGETS = np.array([0, 0])

W1 = np.array([[1.0, -1.0, 2.0], [0.0, 1.0, -2.0]])
b1 = np.array([0.0, 0.0, 1.0])
W2 = np.array([[1.0, 2.0], [-1.0, -2.0], [ln(3), 0.0]])
b2 = np.array([0.0, ln(3)])


def test_relu_cuts_off_what_is_negative():
    assert_allclose(relu(np.array([-2.0, 0.0, 3.0])), [0.0, 0.0, 3.0])


def test_relu_keeps_the_shape():
    assert_allclose(relu(np.array([[1.0, -1.0, 2.0], [-3.0, 4.0, -5.0]])), [[1.0, 0.0, 2.0], [0.0, 4.0, 0.0]])


def test_leaky_relu_lets_a_hundredth_through():
    assert_allclose(leaky_relu(np.array([-2.0, 0.0, 3.0])), [-0.02, 0.0, 3.0])


def test_leaky_relu_takes_another_slope():
    assert_allclose(leaky_relu(np.array([-2.0, 0.0, 3.0]), slope=0.25), [-0.5, 0.0, 3.0])


def test_sigmoid_of_0_and_of_ln_3():
    assert_allclose(sigmoid(np.array([0.0, ln(3), -ln(3)])), [0.5, 0.75, 0.25])


# what NumPy only warns of elsewhere is an error here, as it is for the hidden tests
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_sigmoid_far_out_is_0_and_1():
    assert_allclose(sigmoid(np.array([-10_000.0, 10_000.0])), [0.0, 1.0], atol=1e-12)


def test_tanh_of_ln_2():
    assert_allclose(tanh(np.array([0.0, ln(2), -ln(2)])), [0.0, 0.6, -0.6], atol=1e-12)


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_tanh_far_out_is_minus_1_and_1():
    assert_allclose(tanh(np.array([-10_000.0, 10_000.0])), [-1.0, 1.0])


def test_gelu_of_one_standard_deviation():
    assert_allclose(gelu(np.array([0.0, 1.0, -1.0])), [0.0, 0.841344746, -0.158655254], atol=1e-9)


def test_activations_take_a_0d_array():
    zero = np.array(0.0)
    assert [float(f(zero)) for f in (relu, leaky_relu, sigmoid, tanh, gelu)] == [0.0, 0.0, 0.5, 0.0, 0.0]


def test_softmax_of_three_scores():
    assert_allclose(softmax(np.array([0.0, ln(2), ln(5)])), [1 / 8, 2 / 8, 5 / 8])


def test_softmax_along_rows_and_along_columns():
    z = np.array([[0.0, 0.0, 0.0], [0.0, ln(3), ln(7)]])
    assert_allclose(softmax(z), [[1 / 3, 1 / 3, 1 / 3], [1 / 11, 3 / 11, 7 / 11]])
    assert_allclose(softmax(z, axis=0), [[1 / 2, 1 / 4, 1 / 8], [1 / 2, 3 / 4, 7 / 8]])


def test_softmax_of_large_scores():
    assert_allclose(softmax(np.array([10_000.0, 10_000.0, -10_000.0])), [0.5, 0.5, 0.0], atol=1e-12)


def test_cross_entropy_is_the_mean_of_ln_2_and_ln_4():
    assert cross_entropy(LOGITS, TARGETS) == pytest.approx(1.5 * ln(2))


def test_cross_entropy_of_a_target_that_is_nearly_impossible():
    assert cross_entropy(np.array([[10_000.0, -10_000.0]]), np.array([1])) == pytest.approx(20_000.0)


def test_cross_entropy_grad_of_two_samples():
    assert_allclose(cross_entropy_grad(LOGITS, TARGETS), [[-1 / 4, 1 / 4], [-3 / 8, 3 / 8]])


def test_mlp_forward_of_one_sample():
    # x W1 + b1 = [1, 1, -1], so hidden is [1, 1, 0]; hidden W2 + b2 = [0, ln 3]
    hidden, probs = mlp_forward(np.array([1.0, 2.0]), W1, b1, W2, b2)
    assert_allclose(hidden, [1.0, 1.0, 0.0])
    assert_allclose(probs, [0.25, 0.75])


def test_mlp_forward_of_a_batch():
    # the second sample: x W1 + b1 = [0, 0, 1]; hidden W2 + b2 = [ln 3, ln 3]
    hidden, probs = mlp_forward(np.array([[1.0, 2.0], [0.0, 0.0]]), W1, b1, W2, b2)
    assert_allclose(hidden, [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert_allclose(probs, [[0.25, 0.75], [0.5, 0.5]])
