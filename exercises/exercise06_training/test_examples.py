"""The numbers of the README. Run `pytest` in this folder; `dlgrade check exercise06` checks far more."""

import pytest
import torch
from torch import nn
from training import (
    EarlyStopping,
    ReduceOnPlateau,
    clip_grad_norm,
    clip_grad_value,
    cosine_annealing,
    step_decay,
    train,
    warmup_cosine,
)


def test_step_decay_halves_every_three_epochs():
    """A staircase with three epochs to a step."""
    rates = [float(step_decay(1.0, epoch, drop=0.5, every=3)) for epoch in range(7)]
    assert rates == pytest.approx([1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25])


def test_cosine_annealing_over_six_epochs():
    """Full, three quarters, half, a quarter, nothing."""
    rates = [float(cosine_annealing(1.0, epoch, 6)) for epoch in (0, 2, 3, 4, 6)]
    assert rates == pytest.approx([1.0, 0.75, 0.5, 0.25, 0.0], abs=1e-6)
    assert float(cosine_annealing(0.9, 10, 10, lr_min=0.1)) == pytest.approx(0.1)


def test_warmup_then_cosine():
    """Four steps up, six steps down."""
    rates = [float(warmup_cosine(1.0, step, 4, 10)) for step in (0, 1, 2, 3, 4, 6, 7, 10)]
    assert rates == pytest.approx([0.25, 0.5, 0.75, 1.0, 1.0, 0.75, 0.5, 0.0], abs=1e-6)
    assert float(warmup_cosine(1.0, 0, 0, 10)) == pytest.approx(1.0)


def test_the_rate_falls_on_a_plateau():
    """With patience 2 it is the third loss that is no better."""
    schedule = ReduceOnPlateau(1.0, factor=0.5, patience=2)
    rates = [float(schedule.step(loss)) for loss in (1.0, 0.9, 0.95, 0.9, 0.92, 0.93, 0.94, 0.95, 0.8)]
    assert rates == pytest.approx([1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25])


def test_clipping_by_norm_keeps_the_direction():
    """The norm of all of them is 13, and becomes 6.5."""
    grads = [torch.tensor([3.0, 4.0]), torch.tensor([0.0, 12.0])]
    clipped, total_norm = clip_grad_norm(grads, 6.5)
    assert float(total_norm) == pytest.approx(13.0)
    assert torch.allclose(clipped[0], torch.tensor([1.5, 2.0]))
    assert torch.allclose(clipped[1], torch.tensor([0.0, 6.0]))
    assert grads[0].tolist() == [3.0, 4.0]


def test_short_gradients_are_left_alone():
    """Clipping is a ceiling."""
    clipped, total_norm = clip_grad_norm([torch.tensor([0.03, 0.04])], 1.0)
    assert float(total_norm) == pytest.approx(0.05)
    assert torch.allclose(clipped[0], torch.tensor([0.03, 0.04]))


def test_clipping_by_value_holds_each_element():
    """Each element on its own, on both sides."""
    clipped = clip_grad_value([torch.tensor([3.0, -4.0]), torch.tensor([0.5, -12.0])], 1.0)
    assert clipped[0].tolist() == [1.0, -1.0]
    assert clipped[1].tolist() == [0.5, -1.0]


def test_early_stopping_on_the_worked_list():
    """It stops at index 7, and the best was at 4."""
    model, stopper = nn.Linear(2, 1), EarlyStopping(3)
    stops = [bool(stopper.update(loss, model)) for loss in (1.0, 0.8, 0.9, 0.85, 0.7, 0.75, 0.72, 0.71)]
    assert stops == [False] * 7 + [True]
    assert stopper.best_epoch == 4
    assert stopper.best_loss == pytest.approx(0.7)


def test_the_best_state_is_a_copy():
    """What training does afterwards does not reach it."""
    model, stopper = nn.Linear(2, 1), EarlyStopping(3)
    before = model.weight.detach().clone()
    stopper.update(1.0, model)
    with torch.no_grad():
        model.weight += 1.0
    assert torch.equal(stopper.best_state["weight"], before)


def test_two_epochs_of_training_by_hand():
    """One weight, one sample: the table of the README."""
    model = nn.Linear(1, 1, bias=False)
    nn.init.ones_(model.weight)
    x, y = torch.ones(1, 1), torch.zeros(1, 1)
    history = train(model, x, y, x, y, loss_fn=nn.functional.mse_loss, epochs=2, lr=0.5)
    worked = {"lr": [0.5, 0.25], "train_loss": [1.0, 0.25], "grad_norm": [2.0, 1.0]}
    for key, values in {**worked, "val_loss": [0.25, 0.0625]}.items():
        assert [float(value) for value in history[key]] == pytest.approx(values, rel=1e-4), key
    assert (history["best_epoch"], history["stopped_epoch"]) == (1, 1)
    assert model.weight.item() == pytest.approx(0.25, rel=1e-4)
