"""The numbers of the README. Run `pytest` in this folder; `dlgrade check exercise04` checks far more."""

import math

import numpy as np
import pytest
from kaiming import (
    activation_stds,
    dead_relu_fraction,
    gradient_norms,
    init_mlp,
    kaiming_normal,
    xavier_normal,
)


@pytest.mark.parametrize(("n_in", "n_out", "std"), [(2, 1000, 0.7071), (400, 100, 0.05), (512, 128, 0.0442)])
def test_xavier_has_std_one_over_root_n_in(n_in, n_out, std):
    """The shape is (n_in, n_out), the std near 1/√n_in."""
    W = xavier_normal(n_in, n_out, np.random.default_rng(0))
    assert W.shape == (n_in, n_out)
    assert W.std() == pytest.approx(std, rel=0.1)


@pytest.mark.parametrize(("n_in", "n_out", "std"), [(2, 1000, 1.0), (400, 100, 0.0707), (512, 128, 0.0625)])
def test_kaiming_has_std_root_of_two_over_n_in(n_in, n_out, std):
    """The shape is (n_in, n_out), the std near √(2/n_in)."""
    W = kaiming_normal(n_in, n_out, np.random.default_rng(0))
    assert W.shape == (n_in, n_out)
    assert W.std() == pytest.approx(std, rel=0.1)


@pytest.mark.parametrize("draw", [xavier_normal, kaiming_normal])
def test_rng_alone_decides(draw):
    """The same seed gives the same weights, another seed gives others."""
    first, again, other = (draw(3, 5, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_network_has_a_layer_between_every_two_sizes():
    """Four sizes, three layers, biases of zeros."""
    sizes = [784, 256, 64, 10]
    layers = init_mlp(sizes, "kaiming", np.random.default_rng(0))
    assert [W.shape for W, _ in layers] == [(784, 256), (256, 64), (64, 10)]
    for (W, b), n_in, n_out in zip(layers, sizes[:-1], sizes[1:], strict=True):
        np.testing.assert_array_equal(b, np.zeros(n_out))
        assert W.std() == pytest.approx(math.sqrt(2 / n_in), rel=0.2)


def test_unknown_scheme_is_refused():
    """Any other scheme is a ValueError that names `scheme`."""
    with pytest.raises(ValueError, match="scheme"):
        init_mlp([3, 2], "he", np.random.default_rng(0))


def test_activation_stds_of_the_worked_numbers():
    """ReLU gives 1, sigmoid 1/8, tanh 1/4."""
    X, first = np.array([[1.0], [-1.0], [1.0]]), (np.array([[-3.0, 3.0]]), np.array([-1.0, -1.0]))
    assert list(activation_stds(X, [first, (np.ones((2, 2)), np.zeros(2))], "relu")) == pytest.approx([1.0])
    X, last = np.array([[0.0], [1.0]]), (np.ones((1, 2)), np.zeros(2))
    for activation, w, std in [("sigmoid", math.log(3), 0.125), ("tanh", math.log(3) / 2, 0.25)]:
        layers = [(np.array([[w]]), np.zeros(1)), last]
        assert list(activation_stds(X, layers, activation)) == pytest.approx([std])


def test_gradient_norms_of_one_hidden_unit():
    """The norms are 2 and 3/√2, first layer first."""
    first = np.array([[1.0]]), np.array([1.0])
    last = np.array([[1.0, -1.0]]), np.array([-3.0, 3.0])
    norms = gradient_norms(np.array([[2.0]]), np.array([0]), [first, last], "relu")
    assert list(norms) == pytest.approx([2.0, 3 / math.sqrt(2)])


def test_two_of_five_units_are_dead():
    """The second column is negative throughout, the third exactly 0."""
    z = np.array([[1.0, -1.0, 0.0, -2.0, 3.0], [-3.0, -2.0, 0.0, 5.0, 4.0]])
    assert float(dead_relu_fraction(z)) == pytest.approx(0.4)
