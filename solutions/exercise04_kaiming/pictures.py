"""Pictures of exercise04: what depth does to activations and gradients, and how weights are drawn."""

import itertools
import math

import numpy as np

from dlgrade.pictures import once, palette, picture
from dlgrade.pictures.canvas import log_scale, short
from dlgrade.suite import check

DEPTH, WIDTH, CLASSES, SAMPLES = 20, 64, 10, 100
SIZES = [WIDTH] * (DEPTH + 1) + [CLASSES]
SHAPES = list(itertools.pairwise(SIZES))
SMALL = 0.02
STARTS = {"kaiming": palette.BLUE, "xavier": palette.ORANGE, "too small": palette.PURPLE}
LOWEST = 1e-28


def layers_of(student, scheme):
    """A network by the learner's `init_mlp`; the one that starts too small is ours."""
    if scheme == "too small":
        rng = np.random.default_rng(4)
        return [(rng.normal(0.0, SMALL, shape), np.zeros(shape[1])) for shape in SHAPES]
    layers = check.listing(student.init_mlp(SIZES, scheme, np.random.default_rng(4)), name="init_mlp(...)")
    check.that(len(layers) == len(SHAPES), f"init_mlp returned {len(layers)} layers for {len(SIZES)} sizes")
    made = []
    for k, (layer, shape) in enumerate(zip(layers, SHAPES, strict=True)):
        W, b = check.unpack(layer, 2, name="(W, b)")
        made.append(
            (
                check.numbers(W, shape, name=f"W of layer {k}"),
                check.numbers(b, shape[1:], name=f"b of layer {k}"),
            )
        )
    return made


@once
def networks(student):
    return {scheme: layers_of(student, scheme) for scheme in STARTS}


def measured(canvas, values, count, name):
    """One positive number a layer, fit for a logarithmic scale."""
    values = check.listing(values, name=name)
    check.that(len(values) == count, f"{name} lists {len(values)} layers, there are {count}")
    values = canvas.drawable(
        [check.number(value, name=f"a number of {name}") for value in values], name, some=False
    )
    if (values <= 0).any():
        canvas.notes.append(
            f"{name}: {(values <= 0).sum()} of {count} are 0 or less, which a logarithmic scale does not "
            "have."
        )
    return np.where(values > 0, values.clip(LOWEST), np.nan)


def by_depth(axes, numbers, right, xlabel):
    """Draw a line a start, the right one as dashes upon it."""
    every = [values for values in (*numbers.values(), *right.values()) if np.isfinite(values).any()]
    log_scale(axes, min(np.nanmin(values) for values in every), max(np.nanmax(values) for values in every))
    for scheme, values in numbers.items():
        depth = np.arange(1, len(values) + 1)
        label = f"normal, std {SMALL}" if scheme == "too small" else scheme
        axes.plot(depth, values, color=STARTS[scheme], linewidth=3, label=label)
        axes.plot(depth, right[scheme], color=palette.INK, linewidth=1, linestyle=(0, (3, 2)))
    axes.grid(axis="y")
    axes.set(xlabel=xlabel, xticks=(1, 5, 10, 15, 20))


@picture("Twenty layers deep")
def depth(student, canvas, reference):
    """A ReLU network with 20 hidden layers of 64, weights from your `init_mlp`, sizes by your
    `activation_stds` and `gradient_norms`; the dashes are the right sizes for these weights. Kaiming stays
    level. Xavier loses a factor √2 a layer, a thousand in all. Too small a start loses ten a layer: nothing
    arrives, and no gradient comes back."""
    rng = np.random.default_rng(5)
    X, y = rng.normal(size=(SAMPLES, WIDTH)), rng.integers(0, CLASSES, SAMPLES)
    made = networks(student)
    left, right = canvas.axes(1, 2, height=3.2)
    told = []
    with canvas.part(left):
        got = {
            s: measured(canvas, student.activation_stds(X, made[s], "relu"), DEPTH, f"activation_stds ({s})")
            for s in STARTS
        }
        want = {s: np.clip(reference.activation_stds(X, made[s], "relu"), LOWEST, None) for s in STARTS}
        by_depth(left, got, want, "hidden layer")
        left.legend(loc="lower left")
        told.append("Standard deviation of the activations, first to last hidden layer: " + ends(got))
    left.set_title("std of the activations")
    with canvas.part(right):
        got = {
            s: measured(
                canvas, student.gradient_norms(X, y, made[s], "relu"), DEPTH + 1, f"gradient_norms ({s})"
            )
            for s in STARTS
        }
        want = {s: np.clip(reference.gradient_norms(X, y, made[s], "relu"), LOWEST, None) for s in STARTS}
        by_depth(right, got, want, "layer")
        told.append("Norm of the gradient, first to last layer: " + ends(got))
    right.set_title("norm of dL/dW")
    return "Two charts of lines over depth, on logarithmic scales. " + ". ".join(told) + "."


def ends(numbers):
    return "; ".join(
        f"{scheme} {short(values[0], 2)} to {short(values[-1], 2)}" for scheme, values in numbers.items()
    )


@picture("How the weights are spread")
def spread(student, canvas):
    """40,000 weights of each function as a histogram, and the normal curve that they should follow: of mean
    0, and as wide as 400 inputs ask for. Both depend on how many go in, not on how many come out."""
    told = []
    panels = canvas.axes(1, 2, height=2.5, sharex=True, sharey=True)
    for axes, name, variance in zip(panels, ("xavier_normal", "kaiming_normal"), (1.0, 2.0), strict=True):
        with canvas.part(axes):
            W = getattr(student, name)(400, 100, np.random.default_rng(6))
            W = check.numbers(W, (400, 100), name=f"{name}(400, 100, rng)")
            W = canvas.drawable(W, f"{name}(400, 100, rng)")
            W, std = W[np.isfinite(W)], math.sqrt(variance / 400)
            counts, edges = np.histogram(W, bins=61, range=(-0.31, 0.31))
            density = counts / W.size / (edges[1] - edges[0])
            axes.stairs(density, edges, fill=True, color=palette.BLUE, alpha=0.55)
            at = np.linspace(-0.31, 0.31, 200)
            curve = np.exp(-(at**2) / (2 * std**2)) / (std * math.sqrt(2 * math.pi))
            axes.plot(at, curve, color=palette.INK, linewidth=1.3, label=f"normal, std {short(std)}")
            outside = W.size - counts.sum()
            more = f", {outside} outside" if outside else ""
            axes.set_xlabel(f"weight; mean {short(W.mean(), 2)}, std {short(W.std())}{more}")
            axes.legend(loc="upper right")
            told.append(
                f"{name}: mean {short(W.mean(), 2)} and std {short(W.std())}, which should be 0 and "
                f"{short(std)}{more}"
            )
        axes.set_title(f"{name}(400, 100, rng)")
    panels[0].set_ylabel("density")
    panels[0].set_ylim(0, 11)
    return f"Two histograms of weights with the normal curve that they should follow. {'; '.join(told)}."
