"""Hidden suite of exercise06: what a right `training.py` does, whichever way it was written.

The tests of `train` lie in test_hidden_train.py, what is right in training_truth.py, and what lives beside
the learner's code in training_models.py.
"""

import math

import numpy as np
import torch
import training_models
from training_checks import NAN, WORKED, check_state, losses, told
from training_truth import ended, half_wave, norm_of, plateau_rates

from dlgrade.suite import Draw, cases, check, criterion, lab

INF = math.inf
FLOAT32 = 4e-6  # relative: whoever calculates in torch's usual dtype is right too


# Schedules.


def decay(draw: Draw) -> tuple[float, int, float, int]:
    return draw.real(0.001, 2), draw.integer(0, 40), draw.real(0.1, 0.9), draw.integer(2, 13)


@criterion("step_decay")
def test_step_decay_gives_the_worked_numbers(student):
    """From 1.0, dropping to a half every 3 epochs: 1, 1, 1, 0.5, 0.5, 0.5, 0.25."""
    for epoch, want in enumerate([1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25]):
        got = student.step_decay(1.0, epoch, drop=0.5, every=3)
        check.close(got, want, name=f"the rate of epoch {epoch}", rtol=FLOAT32)


@criterion("step_decay")
def test_step_decay_drops_to_a_tenth_every_ten_epochs_by_default(student):
    """By default the rate falls to a tenth at epochs 10, 20 and 30."""
    for epoch in (0, 5, 9, 10, 11, 19, 20, 29, 30):
        want = 0.3 / 10 ** (epoch // 10)
        check.close(student.step_decay(0.3, epoch), want, name=f"the rate of epoch {epoch}", rtol=FLOAT32)


@criterion("step_decay")
@cases(decay, 40)
def test_step_decay_for_any_drop_and_interval(student, case):
    """The rate is multiplied by `drop` once for every `every` epochs that have gone by."""
    lr0, epoch, drop, every = case
    want = math.prod([lr0] + [drop for _ in range(every, epoch + 1, every)])
    got = student.step_decay(lr0, epoch, drop=drop, every=every)
    check.close(got, want, name=f"the rate of epoch {epoch}", rtol=FLOAT32, atol=1e-12)


def check_rate(got, want, high, when) -> None:
    check.close(got, want, name=f"the rate of {when}", rtol=0.0, atol=FLOAT32 * high)


def wave(draw: Draw) -> tuple[float, int, int, float]:
    length = draw.integer(2, 60)
    high = draw.real(0.001, 2)
    return high, draw.integer(0, length), length, high * draw.choice([0.0, 0.1, 0.5])


@criterion("cosine_annealing")
def test_cosine_gives_the_worked_numbers(student):
    """From 1.0 over 6 epochs: 1 at 0, 0.75 at 2, 0.5 at 3, 0.25 at 4, 0 at 6."""
    for epoch, want in [(0, 1.0), (2, 0.75), (3, 0.5), (4, 0.25), (6, 0.0)]:
        check_rate(student.cosine_annealing(1.0, epoch, 6), want, 1.0, f"epoch {epoch}")


@criterion("cosine_annealing")
def test_cosine_ends_at_lr_min(student):
    """From 0.9 to 0.1 it starts at 0.9, is halfway at 0.5 and ends at 0.1."""
    for epoch, want in [(0, 0.9), (5, 0.5), (10, 0.1)]:
        check_rate(student.cosine_annealing(0.9, epoch, 10, lr_min=0.1), want, 0.9, f"epoch {epoch}")


@criterion("cosine_annealing")
def test_cosine_falls_to_0_by_default(student):
    """Without `lr_min` the rate falls to 0, from 0.001 too."""
    for epoch, want in [(0, 1e-3), (4, 5e-4), (8, 0.0)]:
        check_rate(student.cosine_annealing(1e-3, epoch, 8), want, 1e-3, f"epoch {epoch}")


@criterion("cosine_annealing")
@cases(wave, 40)
def test_cosine_for_any_length_and_bounds(student, case):
    """The rate follows half a cosine from `lr_max` to `lr_min`, for any `T_max`."""
    high, epoch, length, low = case
    got = student.cosine_annealing(high, epoch, length, lr_min=low)
    check_rate(got, half_wave(epoch / length, high, low), high, f"epoch {epoch}")


def warm_wave(draw: Draw) -> tuple[float, int, int, int, float]:
    warmup = draw.choice([0, draw.integer(1, 9)])
    total = warmup + draw.integer(1, 40)
    high = draw.real(0.001, 2)
    step = draw.choice([draw.integer(0, max(0, warmup - 1)), draw.integer(warmup, total)])
    return high, step, warmup, total, high * draw.choice([0.0, 0.1, 0.5])


def warm_rate(high, step, warmup, total, low) -> float:
    climb = [high * rung / warmup for rung in range(1, warmup + 1)]
    return climb[step] if step < warmup else half_wave((step - warmup) / (total - warmup), high, low)


@criterion("warmup_cosine")
def test_warmup_gives_the_worked_numbers(student):
    """4 steps of warm-up to 1.0, then 6 of cosine: 0.25, 0.5, 0.75, 1, 1, …, 0.5 at step 7, …, 0 at 10."""
    for step, want in [(0, 0.25), (1, 0.5), (2, 0.75), (3, 1.0), (4, 1.0), (6, 0.75), (7, 0.5), (10, 0.0)]:
        check_rate(student.warmup_cosine(1.0, step, 4, 10), want, 1.0, f"step {step}")


@criterion("warmup_cosine")
def test_no_warmup_is_plain_cosine(student):
    """With `warmup_steps` 0 the first step has the full rate."""
    for step in (0, 1, 4, 7, 8):
        got = student.warmup_cosine(0.6, step, 0, 8, lr_min=0.2)
        check_rate(got, half_wave(step / 8, 0.6, 0.2), 0.6, f"step {step}")


@criterion("warmup_cosine")
def test_one_step_of_warmup_is_at_the_full_rate(student):
    """With one step of warm-up that step has the full rate, and so has the next."""
    for step, want in [(0, 0.4), (1, 0.4), (3, 0.25), (5, 0.1)]:
        check_rate(student.warmup_cosine(0.4, step, 1, 5, lr_min=0.1), want, 0.4, f"step {step}")


@criterion("warmup_cosine")
def test_warmup_and_cosine_fall_to_0_by_default(student):
    """Without `lr_min` the rate falls to 0, from 0.001 too."""
    for step, want in [(0, 5e-4), (1, 1e-3), (2, 1e-3), (6, 5e-4), (10, 0.0)]:
        check_rate(student.warmup_cosine(1e-3, step, 2, 10), want, 1e-3, f"step {step}")


@criterion("warmup_cosine")
@cases(warm_wave, 50)
def test_warmup_for_any_lengths_and_bounds(student, case):
    """It climbs in equal steps to `lr_max` and comes down to `lr_min`, for any lengths."""
    high, step, warmup, total, low = case
    got = student.warmup_cosine(high, step, warmup, total, lr_min=low)
    check_rate(got, warm_rate(*case), high, f"step {step}")


# The plateau.


def plateau(draw: Draw):
    return losses(draw), draw.integer(0, 3), draw.choice([0.5, 0.1, 0.25]), draw.choice([0.0, 0.3])


def check_plateau(student, values, lr, want, **options) -> None:
    schedule = student.ReduceOnPlateau.keep()(lr, **options)
    for index, value in enumerate(values):
        name = f"the rate after the losses {told(values[: index + 1])}"
        check.close(schedule.step(value), want[index], name=name, rtol=FLOAT32)


@criterion("reduce_on_plateau")
def test_plateau_gives_the_worked_numbers(student):
    """With patience 2 the third loss in a row that is no better lowers the rate; then it counts anew."""
    values = [1.0, 0.9, 0.95, 0.9, 0.92, 0.93, 0.94, 0.95, 0.8]
    want = [1.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25]
    check_plateau(student, values, 1.0, want, factor=0.5, patience=2)


@criterion("reduce_on_plateau")
def test_plateau_by_default(student):
    """By default the eleventh loss in a row that is no better takes the rate to a tenth."""
    check_plateau(student, [1.0] * 24, 0.5, [0.5] * 11 + [0.05] * 11 + [0.005] * 2)


@criterion("reduce_on_plateau")
def test_an_equal_loss_is_no_better(student):
    """With patience 0 every loss that is not below the best lowers the rate, an equal one too."""
    check_plateau(student, [0.5, 0.5, 0.4, 0.4], 1.0, [1.0, 0.5, 0.5, 0.25], factor=0.5, patience=0)


@criterion("reduce_on_plateau")
def test_any_fall_below_the_best_counts(student):
    """A loss that is lower by one part in 100,000 is lower."""
    values = [1.0 - 1e-5 * index for index in range(8)]
    check_plateau(student, values, 1.0, [1.0] * 8, factor=0.5, patience=1)


@criterion("reduce_on_plateau")
def test_plateau_compares_with_the_best_not_the_last(student):
    """A loss below the one before it, but above the best, is no better, also after the rate was lowered."""
    values = [0.5, 1.0, 0.9, 0.8, 0.7, 0.6, 0.55]
    check_plateau(student, values, 1.0, [1.0, 1.0, 0.5, 0.5, 0.25, 0.25, 0.125], factor=0.5, patience=1)


@criterion("reduce_on_plateau")
def test_plateau_stops_at_min_lr(student):
    """The rate does not fall below `min_lr`, and gets there where the last factor would overshoot."""
    want = [0.8, 0.2, 0.1, 0.1, 0.1]
    check_plateau(student, [1.0] * 5, 0.8, want, factor=0.25, patience=0, min_lr=0.1)


@criterion("reduce_on_plateau")
def test_plateau_has_no_floor_by_default(student):
    """Without `min_lr` the rate falls as long as the loss does not."""
    check_plateau(student, [1.0] * 9, 1.0, [0.1**index for index in range(9)], factor=0.1, patience=0)


@criterion("reduce_on_plateau")
def test_plateau_with_large_losses(student):
    """Losses in the thousands are no worse than others: the first is the best so far."""
    check_plateau(student, [9e3, 8e3, 7e3, 7.5e3, 7.2e3], 1.0, [1.0] * 4 + [0.5], factor=0.5, patience=1)


@criterion("reduce_on_plateau")
def test_plateau_and_nan(student):
    """NaN never improves: it counts, first of all too, and is never the best."""
    values = [NAN, NAN, 1.0, NAN, 0.5, NAN, NAN]
    check_plateau(student, values, 1.0, [1.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25], factor=0.5, patience=1)


@criterion("reduce_on_plateau")
@cases(plateau, 40)
def test_plateau_for_any_losses(student, case):
    """The rate is right after every one of fourteen losses, whatever they are."""
    values, patience, factor, min_lr = case
    want = plateau_rates(values, 1.0, factor, patience, min_lr)
    check_plateau(student, values, 1.0, want, factor=factor, patience=patience, min_lr=min_lr)


@criterion("reduce_on_plateau")
def test_two_schedules_know_nothing_of_each_other(student):
    """Two schedules side by side each keep their own count."""
    one = student.ReduceOnPlateau.keep()(1.0, factor=0.5, patience=1)
    other = student.ReduceOnPlateau.keep()(0.1, factor=0.1, patience=0)
    for index, want in enumerate([1.0, 1.0, 0.5]):
        for schedule, loss, rate, which in ((one, 0.3, want, "first"), (other, 9.0 - index, 0.1, "second")):
            name = f"the {which} one's rate after loss {index}"
            check.close(schedule.step(loss), rate, name=name, rtol=FLOAT32)


# Clipping.

SHAPES = [(3,), (2, 3), (), (4, 1), (1,), (2, 2, 3), (5,)]


def tensors(*arrays, dtype=torch.float64) -> list[torch.Tensor]:
    return [torch.tensor(array, dtype=dtype) for array in arrays]


def gradients(draw: Draw) -> list[torch.Tensor]:
    """Draw one to five gradients of different shapes, in one dtype, some steep."""
    dtype, scale = draw.choice([torch.float32, torch.float64]), draw.choice([1.0, 0.3, 40.0])
    shapes = [draw.choice(SHAPES[:2]), *(draw.choice(SHAPES) for _ in range(draw.integer(0, 4)))]
    return [torch.from_numpy(np.asarray(draw.array(shape) * scale)).to(dtype) for shape in shapes]


def steep(draw: Draw):
    """Draw gradients and a limit for their norm, on either side of it."""
    return gradients(draw), draw.choice([0.1, 0.6, 0.97, 1.03, 2.5])


def check_tensors(got, want, rtol, name) -> None:
    got = check.listing(got, name=name)
    check.that(len(got) == len(want), f"{name} has {len(got)} tensors, {len(want)} were handed in")
    limit = rtol * max(1e-9, *(float(grad.abs().max()) for grad in want))
    for index, (mine, right) in enumerate(zip(got, want, strict=True)):
        check.close(mine, right.double().numpy(), name=f"{name}[{index}]", rtol=0.0, atol=limit)


def check_clipped(student, grads, max_norm) -> None:
    norm = norm_of(grads)
    clipped, total = check.unpack(student.clip_grad_norm(grads, max_norm), 2, name="(clipped, total_norm)")
    check.close(total, norm, name="total_norm", rtol=FLOAT32)
    over = norm > max_norm
    want = [grad.double() * (max_norm / norm) if over else grad for grad in grads]
    slack = FLOAT32 + 2e-6 / norm if over else 0.0  # PyTorch divides by the norm + 1e-6
    check_tensors(clipped, want, slack, "clipped")


@criterion("clip_grad_norm")
def test_norm_clipping_gives_the_worked_numbers(student):
    """[3, 4] and [0, 12] have the norm 13; with a limit of 6.5 they come back as [1.5, 2] and [0, 6]."""
    grads = tensors([3.0, 4.0], [0.0, 12.0])
    check_clipped(student, grads, 6.5)
    check_clipped(student, grads, 1.0)


@criterion("clip_grad_norm")
def test_gradients_under_the_limit_come_back_unchanged(student):
    """[0.03, 0.04] with a limit of 1 stays [0.03, 0.04], and its norm is 0.05."""
    check_clipped(student, tensors([0.03, 0.04]), 1.0)
    check_clipped(student, tensors([3.0, 4.0], [0.0, 12.0]), 13.5)


@criterion("clip_grad_norm")
def test_gradients_of_zero_stay_zero(student):
    """Where all gradients are 0 the norm is 0, and nothing is divided by it."""
    clipped, total = check.unpack(
        student.clip_grad_norm(tensors([[0.0, 0.0, 0.0]] * 2, 0.0), 1.0), 2, name="(clipped, total_norm)"
    )
    check.close(total, 0.0, name="total_norm")
    check_tensors(clipped, tensors([[0.0, 0.0, 0.0]] * 2, 0.0), FLOAT32, "clipped")


@criterion("clip_grad_norm")
@cases(steep, 60)
def test_norm_clipping_of_any_gradients(student, case):
    """Where their common norm is over the limit, all are shrunk by one factor; none is written into."""
    grads, share = case
    check_clipped(student, grads, norm_of(grads) * share)


@criterion("clip_grad_value")
def test_value_clipping_gives_the_worked_numbers(student):
    """With a limit of 1, [3, −4] and [0.5, −12] become [1, −1] and [0.5, −1]."""
    got = student.clip_grad_value(tensors([3.0, -4.0], [0.5, -12.0]), 1.0)
    check_tensors(got, tensors([1.0, -1.0], [0.5, -1.0]), FLOAT32, "the list")


@criterion("clip_grad_value")
@cases(gradients, 40)
def test_value_clipping_of_any_gradients(student, grads):
    """Each element is held to ±limit on its own, in tensors of any shape; none is written into."""
    for limit in (0.25, 2.0, 200.0):
        want = [torch.from_numpy(np.asarray(np.clip(grad.double().numpy(), -limit, limit))) for grad in grads]
        check_tensors(student.clip_grad_value(grads, limit), want, FLOAT32, "the list")


# Early stopping.


def patient(draw: Draw):
    return losses(draw, 12), draw.integer(1, 4), draw.choice([0.0, 0.125, 0.25, 0.5])


def said_stop(got) -> bool:
    if isinstance(got, torch.Tensor | np.ndarray | np.generic) and got.shape == ():
        got = got.item()
    check.that(got is None or isinstance(got, bool | int), "update returned neither True nor False")
    return bool(got)


def check_stopper(student, values, patience, **options) -> None:
    held, (best, last) = lab(student, training_models), ended(values, patience, options.get("min_delta", 0.0))
    model = held.plain.keep()([2, 1], 0)
    stopper = student.EarlyStopping.keep()(patience, **options)
    for index, value in enumerate(values[: len(values) if last is None else last + 1]):
        stop = said_stop(stopper.update(value, model))
        verb = "did not say stop" if index == last else "said stop"
        setting = f"with patience {patience}" + "".join(f" and {k} {v}" for k, v in options.items())
        after = f"after the losses {told(values[: index + 1])} {setting}"
        check.that(stop == (index == last), f"{after} it {verb}")
    if best is not None:
        check.integer(stopper.best_epoch(), best, name=f"{after} best_epoch")
        check.close(stopper.best_loss(), values[best], name=f"{after} best_loss", rtol=FLOAT32)


@criterion("early_stopping")
def test_early_stopping_gives_the_worked_numbers(student):
    """With 1, .8, .9, .85, .7, .75, .72, .71 and patience 3 it says stop at index 7, with the best at 4."""
    check_stopper(student, WORKED, 3)


@criterion("early_stopping")
def test_an_equal_loss_does_not_improve(student):
    """With 1, .9, .9, .9 and patience 2 it says stop at index 3, with the best at 1."""
    check_stopper(student, [1.0, 0.9, 0.9, 0.9], 2)


@criterion("early_stopping")
def test_patience_of_one(student):
    """With patience 1 the first loss that is no better ends it."""
    check_stopper(student, [1.0, 0.9, 0.8, 0.85], 1)
    check_stopper(student, [1.0, 1.0], 1)


@criterion("early_stopping")
def test_an_improvement_must_be_larger_than_min_delta(student):
    """With min_delta 0.25 a fall of 0.25 is none; small falls from the best add up until they are more."""
    check_stopper(student, [1.0, 0.75, 0.75], 2, min_delta=0.25)
    check_stopper(student, [1.0, 0.875, 0.75, 0.625, 0.5, 0.5, 0.375, 0.5], 3, min_delta=0.25)


@criterion("early_stopping")
def test_without_min_delta_any_fall_improves(student):
    """By default a loss that is lower by one part in 100,000 improves."""
    check_stopper(student, [1.0 - 1e-5 * index for index in range(6)], 1)


@criterion("early_stopping")
def test_early_stopping_and_nan(student):
    """NaN never improves: it counts like any bad loss, first of all too, and is never the best."""
    check_stopper(student, [1.0, NAN, 0.9, NAN, NAN], 2)
    check_stopper(student, [NAN, 2.0, 1.0, 1.5, 1.5], 2)
    check_stopper(student, [NAN, NAN, NAN], 3)
    check_stopper(student, [0.5, INF, NAN, 0.6], 3)


@criterion("early_stopping")
def test_early_stopping_with_large_losses(student):
    """Losses in the thousands are no worse than others: the first is the best so far."""
    check_stopper(student, [9e3, 8e3, 7e3, 7.5e3, 7.2e3], 2)


@criterion("early_stopping")
@cases(patient, 40)
def test_early_stopping_for_any_losses(student, case):
    """It says stop when it should, not before, and knows the best, for any losses, patience and min_delta."""
    values, patience, delta = case
    check_stopper(student, values, patience, min_delta=delta)


@criterion("early_stopping")
def test_the_best_state_is_a_copy(student):
    """`best_state` keeps what the model held at its best, its buffers too, while training goes on."""
    held = lab(student, training_models)
    model = held.robust.keep()([3, 4, 2], 1)
    stopper = student.EarlyStopping.keep()(5)
    best = None
    for value, improves in [(1.0, True), (1.5, False), (0.5, True), (0.7, False), (NAN, False), (0.5, False)]:
        before = held.state(model)
        stopper.update(value, model)
        check_state(held.state(model), before, "update changed the model's", 0.0)
        best = before if improves else best
        held.shift(model, 1)
        check_state(held.best_state(stopper), best, "best_state", FLOAT32)


@criterion("early_stopping")
def test_update_leaves_the_model_in_its_mode(student):
    """`model.training` is after an update what it was before, True or False."""
    held = lab(student, training_models)
    for training in (True, False):
        model, stopper = held.robust.keep()([3, 4, 2], 1), student.EarlyStopping.keep()(3)
        held.in_mode.keep()(model, training)
        for value in (1.0, 1.5, 0.5):
            stopper.update(value, model)
            after = model.training()
            sentence = f"`model.training` was {training} before update(...) and is {after} after it"
            check.that(after is training, sentence)


@criterion("early_stopping")
def test_two_stoppers_know_nothing_of_each_other(student):
    """Two stoppers side by side each keep their own count and their own best."""
    model = lab(student, training_models).plain.keep()([2, 1], 0)
    one, other = (student.EarlyStopping.keep()(2) for _ in range(2))
    for value, stops in [(0.5, False), (0.6, False), (0.7, True)]:
        first, second = said_stop(one.update(value, model)), said_stop(other.update(-value, model))
        check.that(first == stops, f"the first one was wrong about stopping at the loss {value}")
        check.that(not second, f"the second one said stop at the loss {-value}, its best")
    check.close(one.best_loss(), 0.5, name="the first one's best_loss", rtol=FLOAT32)
