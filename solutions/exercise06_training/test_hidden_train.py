"""The part of exercise06's hidden suite that is about `train`.

Only numbers decide. Each criterion looks at models on which the others make no difference, so that one
mistake costs one criterion; all of them together are asked last. Models are float32, truth is float64.
Between right answers (eps elsewhere in Adam, 1e-6 in the clipping) histories differ by 2e-5 of their
entries, and the mildest mistake, AMSGrad, is off by 3e-4. What validation is told depends on the
weights, never on how often it asked, so that looking twice does no harm.
"""

import itertools

import torch
import training_models
from training_checks import NAN, WORKED, check_state, losses, told
from training_truth import PROBLEMS, data, ended, half_wave, truth

from dlgrade.suite import Draw, cases, check, criterion, lab

RUN = 1e-4  # relative to an entry of a history, or to a tenth of the largest
KEYS = ("train_loss", "val_loss", "lr", "grad_norm")


def trained(student, name: str, *, default: str = "", training: bool = True):
    """Let the learner train, perhaps with one option left to its default.

    Gives the dict, and a function that looks at the model: to be called when the dict was found right, since
    a report shows the call that was made last.
    """
    its, held = PROBLEMS[name], lab(student, training_models)
    model = getattr(held, its["model"]).keep()(its["sizes"], its["seed"])
    model = held.in_mode.keep()(model, training)
    options = {key: value for key, value in its["options"].items() if key != default}
    got = student.train(model, *data(name), loss_fn=held.loss.keep()(its["loss"]), **options)
    return got, lambda: held.state(model)


def series(got, key: str, count: int | None = None) -> list:
    """One of the histories as a list, of the right length if that is known."""
    values = check.keys(got, key)[key]
    values = list(values) if isinstance(values, torch.Tensor) and values.dim() == 1 else values
    values = check.listing(values, name=f'"{key}"')
    ran = f'"{key}" has {len(values)} entries, but {count} epochs should have run'
    check.that(count in (None, len(values)), ran)
    return values


def check_series(got, want, key: str, *, first: int | None = None) -> None:
    """Check a history, or its first epochs and no more."""
    right = want[key][:first]
    values = series(got, key, None if first else len(right))
    check.that(len(values) >= len(right), f'"{key}" has only {len(values)} entries')
    floor = 0.1 * max(map(abs, right))
    for epoch, (value, wanted) in enumerate(zip(values, right, strict=False)):
        limit = RUN * max(abs(wanted), floor)
        check.close(value, wanted, name=f"{key}[{epoch}]", rtol=0.0, atol=limit)


def check_run(student, name: str, *keys: str, **how) -> None:
    """Check the first six epochs of a long run."""
    got, _ = trained(student, name, **how)
    for key in keys:
        check_series(got, truth(name), key, first=6)


@criterion("train_loop")
def test_adam_on_a_regression(student):
    """Both losses of the first six epochs are those of Adam with one full-batch step an epoch."""
    check_run(student, "regression", "train_loss", "val_loss")


@criterion("train_loop")
def test_adam_with_another_loss(student):
    """`loss_fn` is called as loss_fn(pred, target), also where it makes a difference which is which."""
    check_run(student, "deeper", "train_loss", "val_loss")


@criterion("train_loop")
def test_adam_on_classes(student):
    """With cross-entropy and integer labels both losses are right as well."""
    check_run(student, "classes", "train_loss", "val_loss")


@criterion("train_loop")
def test_adam_where_slopes_fade(student):
    """Where gradients become a hundred times smaller, Adam's averages of them are right as well."""
    check_run(student, "fading", "train_loss", "val_loss")


@criterion("train_clipping")
def test_training_clips_by_the_global_norm(student):
    """With steep gradients and max_norm 2, norms (before clipping) and losses are right."""
    check_run(student, "steep", "grad_norm", "train_loss")


@criterion("train_clipping")
def test_training_leaves_short_gradients_alone(student):
    """With max_norm 6 long gradients are clipped, and short ones are left as they are."""
    check_run(student, "steeper", "grad_norm", "train_loss")


@criterion("train_clipping")
def test_training_clips_to_1_by_default(student):
    """Without `max_norm` the limit is 1."""
    check_run(student, "by default", "grad_norm", "train_loss", default="max_norm")


# A clock: its gradient is exactly 1, so every step, Adam's or another's, is one learning rate long.

TICK = 0.125
TRAIN_ROWS = (torch.tensor([[1.0, 0.0]] * 4), torch.zeros(4, 1))
FALLING_ROWS = (torch.tensor([[1e6, 0.0]] * 4), torch.zeros(4, 1))
TOLD_ROWS = (torch.tensor([[0.0, 1.0]] * 4), torch.zeros(4, 1))


def wound(student, clock, val_rows, **options):
    """Train a clock, made from its learning rate, what validation is told, and the ticks between."""
    held = lab(student, training_models)
    model = held.clock.keep()(*clock)
    got = student.train(model, *TRAIN_ROWS, *val_rows, loss_fn=held.loss.keep()("difference"), **options)
    return got, lambda: held.state(model)


def check_annealing(student, lr: float = 1e-3, epochs: int = 50, *, by_default: bool = False) -> None:
    options = {} if by_default else {"lr": lr, "epochs": epochs}
    got, _ = wound(student, (lr, [], []), FALLING_ROWS, **options)
    rates = [half_wave(epoch / epochs, lr, 0.0) for epoch in range(epochs)]
    check_series(got, {"lr": rates}, "lr")
    way = [0.0, *itertools.accumulate(-rate for rate in rates)]
    name = "train_loss[{}], which here is a weight that each step moves by the learning rate,"
    for epoch, (value, right) in enumerate(zip(series(got, "train_loss", epochs), way, strict=False)):
        check.close(value, right, name=name.format(epoch), rtol=0.0, atol=0.05 * lr)


@criterion("train_annealing")
def test_the_learning_rate_follows_the_cosine(student):
    """Over 7 epochs the rates follow the cosine, and each is the one that its epoch's step used."""
    check_annealing(student, 0.25, 7)


@criterion("train_annealing")
def test_by_default_there_are_50_epochs_from_1e_3(student):
    """By default the rate comes down from 1e-3 over 50 epochs."""
    check_annealing(student, by_default=True)


@criterion("train_annealing")
def test_the_first_epoch_has_the_full_rate(student):
    """A single epoch runs at `lr`, and the second of two at half of it."""
    check_annealing(student, 0.5, 1)
    check_annealing(student, 0.5, 2)


def check_stopping(student, values, patience: int = 0, *, ticks=None, epochs: int = 200) -> None:
    """Check a run whose validation losses are these, then the last one for ever."""
    given = {"patience": patience} if patience else {}
    patience = patience or 5
    best, last = ended([*values, *[values[-1]] * patience], patience)
    last = epochs - 1 if ticks else last
    ticks = ticks or [epoch + 1.5 for epoch in range(len(values) - 1)]
    got, state = wound(student, (TICK, values, ticks), TOLD_ROWS, lr=TICK, epochs=epochs, **given)
    run = f"with the validation losses {told(values)} and patience {patience}"
    check.keys(got, *KEYS, "best_epoch", "stopped_epoch")
    check.integer(got["stopped_epoch"], last, name=f"{run} stopped_epoch")
    check.integer(got["best_epoch"], best, name=f"{run} best_epoch")
    for key in KEYS:
        series(got, key, last + 1)
    check_restored(state(), best, f"{run} the model is left with")


def check_restored(state, best: int, run: str) -> None:
    """Check that the clock stands where it stood after an epoch's step."""
    buffers = "buffers (such as batch norm's statistics)"
    for name, what, offset in [("hand", "weights", 1), ("seen", buffers, 0)]:
        epoch = round(-state[name].item() / TICK) - offset
        where = "from before the first step" if epoch < 0 else f"of epoch {epoch}"
        check.that(epoch == best, f"{run} the {what} {where}, its best are those of epoch {best}")


@criterion("train_stopping")
def test_training_stops_at_the_worked_index(student):
    """With the worked losses and patience 3 it stops at epoch 7 and ends with the weights of epoch 4."""
    check_stopping(student, WORKED, 3)


@criterion("train_stopping")
def test_training_has_a_patience_of_5_by_default(student):
    """By default the fifth epoch in a row that is no better is the last."""
    check_stopping(student, [1.0, 0.5, 0.75, 0.625, 0.5, 0.625])


@criterion("train_stopping")
def test_training_stops_on_a_plateau(student):
    """Equal losses are no better, losses that are lower by a millionth are."""
    check_stopping(student, [0.5, 0.25, 0.25, 0.25], 2)
    check_stopping(student, [0.5 - 2**-20 * epoch for epoch in range(5)], 1)


@criterion("train_stopping")
def test_training_with_a_patience_of_1(student):
    """With patience 1 the first epoch that is no better is the last, and the one before it is restored."""
    check_stopping(student, [1.0, 2.0], 1)
    check_stopping(student, [1.0, 0.5, 0.75, 0.25], 1)


@criterion("train_stopping")
def test_training_goes_on_after_nan(student):
    """A validation loss of NaN is no better than any, the first one too."""
    check_stopping(student, [1.0, NAN, 0.5, NAN, 0.75], 2)
    check_stopping(student, [NAN, 1.0, 0.75, 0.875], 3)


def scripted(draw: Draw):
    """Draw validation losses and a patience."""
    return [0.5, *losses(draw, 9)], draw.integer(1, 4)


@criterion("train_stopping")
@cases(scripted, 12)
def test_training_stops_for_any_losses(student, case):
    """It stops when it should and goes back to its best weights, for any validation losses."""
    check_stopping(student, *case)


@criterion("train_stopping")
def test_the_best_weights_come_back_when_the_epochs_run_out(student):
    """Where patience is never exhausted the best weights are restored all the same."""
    check_stopping(student, [0.5, 0.75, 0.625], ticks=[1.25, 1.9], epochs=3)
    check_stopping(student, [0.25, 0.5], 6, ticks=[1.25], epochs=4)


def check_modes(student, name: str, **how) -> None:
    got, state = trained(student, name, **how)
    for key in ("train_loss", "val_loss"):
        check_series(got, truth(name), key)
    check_state(state(), truth(name)["state"], "afterwards the model's state", RUN)


@criterion("train_modes")
def test_modes_with_dropout_and_batch_norm(student):
    """Dropout drops and batch norm learns in every training pass and in no other; both losses show it."""
    check_modes(student, "modes", training=True)


@criterion("train_modes")
def test_modes_of_a_model_that_comes_in_evaluation_mode(student):
    """The same holds for a model that is handed in in evaluation mode."""
    check_modes(student, "modes", training=False)


@criterion("train_modes")
def test_modes_with_batch_norm_alone(student):
    """Validation is judged by batch norm's running statistics, and leaves them as they are."""
    check_modes(student, "normed")


def check_whole(student, name: str) -> None:
    got, state = trained(student, name)
    want = truth(name)
    for first in (1, 2, 3, None):  # an epoch after the other: the first that is off is where it went wrong
        for key in ("lr", "train_loss", "grad_norm", "val_loss"):
            check_series(got, want, key, first=first)
    for key in ("best_epoch", "stopped_epoch"):
        check.integer(check.keys(got, key)[key], want[key], name=key)
    check_state(state(), want["state"], "afterwards the model's state", 20 * RUN)


@criterion("train_whole")
def test_a_whole_run_that_stops_early(student):
    """Dropout, batch norm, clipping, annealing and early stopping at once: every number and weight agrees."""
    check_whole(student, "whole")


@criterion("train_whole")
def test_a_whole_run_over_all_epochs(student):
    """The same with cross-entropy, over all epochs."""
    check_whole(student, "whole classes")
