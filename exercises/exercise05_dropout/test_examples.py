"""The numbers of the README. Run `pytest` in this folder; `dlgrade check exercise05` checks far more."""

import numpy as np
import pytest
import torch
from dropout import (
    RobustMLP,
    batchnorm_backward,
    batchnorm_forward,
    dropout_backward,
    dropout_forward,
    layernorm_forward,
)

X = np.array([[1.0, 0.0], [1.0, 2.0], [5.0, 6.0], [5.0, 8.0]])
GAMMA, BETA = np.array([10.0, 3.5]), np.array([1.0, 0.0])
RUNNING_MEAN, RUNNING_VAR = np.array([7.0, 0.0]), np.array([4.0, 10.0])


def normalise(training):
    return batchnorm_forward(X, GAMMA, BETA, RUNNING_MEAN, RUNNING_VAR, training, momentum=0.25, eps=2.25)


def test_dropout_drops_a_fifth_and_scales_the_rest():
    out, mask = dropout_forward(np.ones((100, 300)), 0.2, np.random.default_rng(0))
    np.testing.assert_allclose(np.unique(mask), [0.0, 1.25])
    np.testing.assert_allclose(out, mask)
    assert np.mean(mask == 0.0) == pytest.approx(0.2, abs=0.02)
    assert np.mean(out) == pytest.approx(1.0, abs=0.02)


def test_dropout_leaves_everything_alone_when_not_training():
    x = np.array([[1.0, -2.0, 3.0], [0.0, 5.0, -6.0]])
    out, mask = dropout_forward(x, 0.2, np.random.default_rng(0), training=False)
    np.testing.assert_allclose(out, x)
    np.testing.assert_allclose(mask, np.ones((2, 3)))


@pytest.mark.parametrize("training", [True, False])
def test_dropout_refuses_to_drop_everything(training):
    with pytest.raises(ValueError, match=r"\bp\b"):
        dropout_forward(np.ones(3), 1.0, np.random.default_rng(0), training=training)


def test_a_gradient_goes_back_through_the_doors_that_were_open():
    dx = dropout_backward(np.array([1.0, 2.0, -4.0]), np.array([1.25, 0.0, 1.25]))
    np.testing.assert_allclose(dx, [1.25, 0.0, -5.0])


def test_batchnorm_in_training():
    out, _, new_mean, new_var = normalise(training=True)
    np.testing.assert_allclose(out, [[-7.0, -4.0], [-7.0, -2.0], [9.0, 2.0], [9.0, 4.0]])
    np.testing.assert_allclose(new_mean, [6.0, 1.0])
    np.testing.assert_allclose(new_var, [13 / 3, 65 / 6])


def test_batchnorm_when_not_training():
    out, _, new_mean, new_var = normalise(training=False)
    np.testing.assert_allclose(out, [[-23.0, 0.0], [-23.0, 2.0], [-7.0, 6.0], [-7.0, 8.0]])
    np.testing.assert_allclose(new_mean, RUNNING_MEAN)
    np.testing.assert_allclose(new_var, RUNNING_VAR)


def test_batchnorm_backwards():
    _, cache, _, _ = normalise(training=True)
    dout = np.zeros((4, 2))
    dout[0, 0] = 1.0
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    np.testing.assert_allclose(dx, [[2.36, 0.0], [-1.64, 0.0], [-0.36, 0.0], [-0.36, 0.0]])
    np.testing.assert_allclose(dgamma, [-0.8, 0.0])
    np.testing.assert_allclose(dbeta, [1.0, 0.0])


def test_layernorm_of_two_rows():
    x = np.array([[1.0, 1.0, 5.0, 5.0], [0.0, 2.0, 6.0, 8.0]])
    out = layernorm_forward(x, np.full(4, 35.0), np.arange(4.0), eps=2.25)
    np.testing.assert_allclose(out, [[-28.0, -27.0, 30.0, 31.0], [-40.0, -19.0, 22.0, 43.0]])


def test_robust_mlp_is_random_in_training_only():
    torch.manual_seed(0)
    model, x = RobustMLP(4, 32, 3), torch.randn(10, 4)
    model.train()
    assert model(x).shape == (10, 3)
    assert not torch.equal(model(x), model(x))
    model.eval()
    assert torch.equal(model(x), model(x))
    assert torch.allclose(model(x)[:1], model(x[:1]), atol=1e-6)


def test_robust_mlp_starts_with_kaiming_weights():
    torch.manual_seed(0)
    weights = {tuple(p.shape): p for p in RobustMLP(800, 400, 200).parameters() if p.dim() == 2}
    # √(2 / 800) = 0.05 and √(2 / 400) = 0.0707...
    for shape, std in (((400, 800), 0.05), ((400, 400), 0.0707), ((200, 400), 0.0707)):
        assert weights[shape].std().item() == pytest.approx(std, rel=0.05)
