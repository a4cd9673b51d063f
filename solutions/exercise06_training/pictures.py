"""Pictures of exercise06: schedules, clipping, and what happens while a network is trained."""

import math

import numpy as np
import torch

from dlgrade.pictures import palette, picture
from dlgrade.pictures.canvas import log_scale, short, whole_numbers
from dlgrade.suite import check, lab

EPOCHS, PATIENCE, MAX_NORM, LR = 40, 8, 1.0, 0.02
LAB = """
import torch
from torch import nn


def model():
    torch.manual_seed(3)
    return nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Dropout(0.1), nn.Linear(64, 1))


def loss():
    torch.manual_seed(4)
    return nn.functional.mse_loss
"""


def rates(student, name, count, *args, **kwargs):
    function = getattr(student, name)
    return [
        check.number(function(args[0], step, *args[1:], **kwargs), name=f"the rate of {name}")
        for step in range(count)
    ]


def plateau(module, losses):
    """The rates that a ReduceOnPlateau gives; `module` is the student or the reference."""
    make = getattr(module.ReduceOnPlateau, "keep", lambda: module.ReduceOnPlateau)()
    schedule = make(0.1, factor=0.5, patience=3)
    return [check.number(schedule.step(loss), name="the rate of ReduceOnPlateau") for loss in losses]


@picture("Four schedules")
def schedules(student, canvas, reference):
    """The learning rate of each epoch or step, yours as a thick line and the right one as dashes. The last
    one listens to a validation loss (thin, by its own scale) that stops falling: it halves the rate after
    more than 3 bad epochs."""
    steps, val_losses = np.arange(41), [max(1.0 - 0.08 * k, 0.4) + 0.01 * (k % 3) for k in range(41)]
    wanted = {
        "step_decay": lambda m: rates(m, "step_decay", 41, 0.1),
        "cosine_annealing": lambda m: rates(m, "cosine_annealing", 41, 0.1, 40, lr_min=0.01),
        "warmup_cosine": lambda m: rates(m, "warmup_cosine", 41, 0.1, 8, 40),
        "ReduceOnPlateau": lambda m: plateau(m, val_losses),
    }
    told = []
    for axes, (name, ask) in zip(canvas.axes(2, 2, height=3.9, sharex=True), wanted.items(), strict=True):
        with canvas.part(axes):
            got, right = canvas.drawable(ask(student), f"The rates of {name}"), np.array(ask(reference))
            off = np.nanmax(np.abs(got - right))
            wrong = off > 1e-9
            style = "steps-post" if name in ("step_decay", "ReduceOnPlateau") else "default"
            axes.plot(steps, got, color=palette.RED if wrong else palette.BLUE, linewidth=3, drawstyle=style)
            dashes = {"linewidth": 1.1, "linestyle": (0, (3, 2)), "drawstyle": style}
            axes.plot(steps, right, color=palette.INK, **dashes)
            if name == "ReduceOnPlateau":
                other = axes.twinx()
                other.plot(steps, val_losses, color=palette.FAINT, linewidth=0.9)
                other.set(yticks=(), ylim=(0, 1.4))
                other.spines[:].set_visible(False)
            axes.set(ylim=(min(0, 1.1 * np.nanmin(got)), max(0.11, 1.1 * np.nanmax(got))), ylabel="rate")
            told.append(f"{name} is off by up to {short(off, 2)}" if wrong else f"{name} is right")
        axes.set_title(f"{name}{' ✗' if told and told[-1].startswith(f'{name} is off') else ''}")
        whole_numbers(axes.xaxis)
        if name in ("warmup_cosine", "ReduceOnPlateau"):
            axes.set_xlabel("epoch" if name == "ReduceOnPlateau" else "step")
    return f"Four charts of rates over 41 epochs or steps, each beside the right ones. {'; '.join(told)}."


@picture("Two ways to clip")
def clipping(student, canvas):
    """Six gradients of two numbers each, grey before and blue after, with a limit of 1. By norm, what is too
    long is shortened to the circle and keeps its direction. By value, each number is held in the square by
    itself, and the direction changes."""
    gradients = torch.tensor([[1.9, 0.9], [0.4, 1.7], [-1.5, 1.5], [-0.6, -0.3], [0.3, -1.9], [0.5, 0.4]])
    ways = {
        "clip_grad_norm": lambda g: check.unpack(
            student.clip_grad_norm([g], 1.0), 2, name="(clipped, total_norm)"
        )[0],
        "clip_grad_value": lambda g: student.clip_grad_value([g], 1.0),
    }
    told = []
    for axes, (name, clip) in zip(
        canvas.axes(1, 2, height=3.2, sharex=True, sharey=True), ways.items(), strict=True
    ):
        with canvas.part(axes):
            after = []
            for gradient in gradients:
                clipped = check.listing(clip(gradient), name=f"what {name} returned")
                check.that(len(clipped) == 1, f"{name} returned {len(clipped)} tensors for one")
                after.append(check.numbers(clipped[0], (2,), name=f"what {name} returned"))
            after = canvas.drawable(np.array(after), f"What {name} returned")
            for before, end in zip(gradients.numpy(), after, strict=True):
                axes.plot(
                    [0, before[0]],
                    [0, before[1]],
                    color=palette.FAINT,
                    linewidth=1,
                    marker="o",
                    markevery=[1],
                    markersize=3,
                )
                if np.isfinite(end).all():
                    axes.annotate(
                        "",
                        end,
                        (0, 0),
                        arrowprops={
                            "arrowstyle": "-|>",
                            "color": palette.BLUE,
                            "linewidth": 2,
                            "shrinkA": 0,
                            "shrinkB": 0,
                        },
                    )
            turn = np.linspace(0, 2 * math.pi, 100)
            line = {"color": palette.ORANGE, "linewidth": 1.2, "linestyle": (0, (4, 2))}
            if name == "clip_grad_norm":
                axes.plot(np.cos(turn), np.sin(turn), **line)
            else:
                axes.plot([-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1], **line)
            longest = np.nanmax(np.linalg.norm(after, axis=1)), np.nanmax(np.abs(after))
            told.append(
                f"{name}: the longest has norm {short(longest[0])}, the largest number is {short(longest[1])}"
            )
        axes.set(title=name, aspect="equal", xlim=(-2.2, 2.2), ylim=(-2.2, 2.2), xlabel="first number")
    canvas.figure.axes[0].set_ylabel("second number")
    return f"Arrows of six gradients before and after clipping with a limit of 1. {'; '.join(told)}."


def data():
    """A few noisy samples, so that a network can learn them by heart."""
    rng = np.random.default_rng(10)
    X = rng.normal(size=(104, 4))
    y = 2 * X[:, :1] - 1.5 * X[:, 1:2] + np.sin(3 * X[:, 2:3]) + rng.normal(size=(104, 1))
    X, y = torch.tensor(X, dtype=torch.float32), torch.tensor(y, dtype=torch.float32)
    return X[:24], y[:24], X[24:], y[24:]


@picture("A training run, epoch by epoch")
def run(student, canvas):
    """Your `train` on few and noisy samples. The training loss falls on and on; the validation loss turns,
    and from its best epoch on `train` is patient for 8 more. The rate follows half a cosine over all 40
    epochs. Gradients longer than the limit, the dashed line, are clipped; what is noted is their norm
    before."""
    worker = lab(student, LAB)
    model, loss_fn = worker.model.keep()(), worker.loss.keep()()
    history = student.train(
        model, *data(), loss_fn=loss_fn, epochs=EPOCHS, lr=LR, max_norm=MAX_NORM, patience=PATIENCE
    )
    check.keys(history, "train_loss", "val_loss", "lr", "grad_norm", "best_epoch", "stopped_epoch")
    lists = {}
    for key in ("train_loss", "val_loss", "lr", "grad_norm"):
        numbers = check.listing(history[key], name=f'"{key}"')
        check.that(
            0 < len(numbers) <= EPOCHS, f'"{key}" holds {len(numbers)} numbers for at most {EPOCHS} epochs'
        )
        lists[key] = canvas.drawable(
            [check.number(number, name=f'a number of "{key}"') for number in numbers], f'"{key}"'
        )
    best, stopped = (check.number(history[key], name=f'"{key}"') for key in ("best_epoch", "stopped_epoch"))
    best, stopped = canvas.drawable([best, stopped], "The best and the stopped epoch").clip(-1, 10 * EPOCHS)

    losses, rate, norm = canvas.axes(3, 1, height=5.2, sharex=True, height_ratios=[1.7, 1, 1])
    losses.plot(lists["train_loss"], color=palette.BLUE, label="training")
    losses.plot(lists["val_loss"], color=palette.ORANGE, label="validation")
    if 0 <= best < len(lists["val_loss"]):
        losses.plot(
            [best],
            lists["val_loss"][[int(best)]],
            "o",
            color=palette.ORANGE,
            markersize=7,
            label=f"best, epoch {best:g}",
        )
    losses.set(ylabel="loss", ylim=(0, None))
    rate.plot(lists["lr"], color=palette.BLUE, linewidth=3)
    epochs = np.arange(EPOCHS)
    right = LR / 2 * (1 + np.cos(np.pi * epochs / EPOCHS))
    rate.plot(epochs, right, color=palette.INK, linewidth=1.1, linestyle=(0, (3, 2)), label="right")
    rate.set(ylabel="lr", ylim=(0, None))
    rate.legend(loc="upper right")
    norms = lists["grad_norm"]
    norm.plot(norms, color=palette.BLUE)
    norm.axhline(
        MAX_NORM,
        color=palette.RED,
        linewidth=1.3,
        linestyle=(0, (4, 2)),
        label=f"limit, max_norm = {MAX_NORM:g}",
    )
    positive = norms[norms > 0]
    if positive.size:
        log_scale(norm, min(positive.min(), 0.3), max(positive.max(), 3.0))
    norm.set(ylabel="grad_norm", xlabel="epoch", xlim=(-1, EPOCHS))
    norm.legend(loc="upper right")
    for axes in (losses, rate, norm):
        axes.axvline(
            stopped,
            color=palette.FAINT,
            linewidth=1,
            label=f"stopped, epoch {stopped:g}" if axes is losses else None,
        )
    losses.legend(loc="upper right")
    clipped = int((norms > MAX_NORM).sum())
    return (
        f"Three charts over epochs. Training loss from {short(lists['train_loss'][0])} to "
        f"{short(lists['train_loss'][-1])}, "
        f"validation loss from {short(lists['val_loss'][0])} to {short(lists['val_loss'][-1])}; the best "
        "epoch is said to be "
        f"{best:g} and the last {stopped:g}, of {EPOCHS}. The rate goes from {short(lists['lr'][0])} to "
        f"{short(lists['lr'][-1])}. "
        f"The gradient norm is over the limit of {MAX_NORM:g} in {clipped} of {len(norms)} epochs."
    )
