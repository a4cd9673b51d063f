"""Pictures of exercise05: what dropout and BatchNorm do to the numbers that pass through them."""

import numpy as np

from dlgrade.pictures import palette, picture
from dlgrade.pictures.canvas import listed, short
from dlgrade.suite import check

P = 0.3
KEPT = 1 / (1 - P)
BATCHES, MOMENTUM = 40, 0.1
MEANS, STDS = np.array([4.0, -2.0, 0.5]), np.array([0.6, 1.2, 2.5])


def dropped(student, canvas, x, seed, **mode):
    out, mask = check.unpack(
        student.dropout_forward(x, P, np.random.default_rng(seed), **mode), 2, name="(out, mask)"
    )
    out, mask = check.numbers(out, x.shape, name="out"), check.numbers(mask, x.shape, name="mask")
    return canvas.drawable(out, "out"), canvas.drawable(mask, "The mask")


@picture("Dropout: the mask, before and after")
def dropout(student, canvas):
    """With p = 0.3. Left, a mask: what is dropped is empty, what is kept is multiplied by 1/0.7 = 1.43.
    Right, 20,000 numbers on their way through: a bar at 0 for the dropped ones, the others larger than
    before, and the mean where it was. When not training, nothing changes."""
    grid, before, after = canvas.axes(1, 3, height=2.9, width_ratios=[1.25, 1, 1])
    _, mask = dropped(student, canvas, np.ones((10, 14)), 1)
    empty, kept = np.abs(mask) < 1e-9, np.abs(mask - KEPT) < 1e-6
    other = ~empty & ~kept
    for chosen, color in ((empty, palette.SHADE), (kept, palette.BLUE), (other, palette.ORANGE)):
        rows, columns = np.nonzero(chosen)
        grid.plot(columns, rows, "s", color=color, markersize=8.4, markeredgewidth=0)
    held = ["1.43"] * bool(kept.any()) + values_of(mask[other])
    grid.set(
        title=f"mask: {empty.mean():.0%} dropped", xticks=(), yticks=(), xlim=(-0.8, 13.8), ylim=(-0.8, 9.8)
    )
    should = ", not 1.43" if other.any() else ""
    grid.set_xlabel(f"kept ones hold {listed(held)}{should}" if held else "nothing is kept")
    grid.spines[:].set_visible(False)

    x = np.random.default_rng(2).normal(2.0, 0.7, (100, 200))
    out, _ = dropped(student, canvas, x, 3)
    told = []
    for axes, values, title in ((before, x, "before"), (after, out, "after")):
        axes.hist(values[np.isfinite(values)], bins=48, range=(-1.0, 7.0), color=palette.BLUE)
        mean = np.nanmean(values)
        axes.axvline(mean, color=palette.INK, linewidth=1.4, linestyle=(0, (4, 2)))
        axes.set(title=f"{title}: mean {short(mean)}", xlabel="x" if values is x else "out")
        axes.tick_params(labelleft=values is x)
        told.append(f"{title} {short(mean)}")
    before.set_ylabel("numbers")
    for axes in (before, after):
        axes.set_ylim(0, max(before.dataLim.y1, after.dataLim.y1) * 1.05)
    still, _ = dropped(student, canvas, x, 4, training=False)
    same = bool(np.array_equal(still, x))
    if not same:
        canvas.notes.append("With training=False, out should be x; yours is not.")
    return (
        f"A mask of 10 by 14 of which {empty.mean():.0%} are dropped and {kept.mean():.0%} hold 1.43"
        f"{f'; others hold {listed(values_of(mask[other]))}' if other.any() else ''}. Two histograms; their "
        "means are "
        f"{' and '.join(told)}. When not training, out is {'x' if same else 'not x'}."
    )


def values_of(numbers):
    return [short(value) for value in np.unique(numbers.round(6))[:4]]


def normalised(student, x, mean, var, training):
    """One batch through the learner's BatchNorm."""
    ones, zeros = np.ones(3), np.zeros(3)
    got = student.batchnorm_forward.keep(1)(x, ones, zeros, mean, var, training, momentum=MOMENTUM)
    out, _, mean, var = check.unpack(got, 4, name="(out, cache, new_running_mean, new_running_var)")
    return (
        check.numbers(out, x.shape, name="out"),
        check.numbers(mean, (3,), name="new_running_mean"),
        check.numbers(var, (3,), name="new_running_var"),
    )


@picture("BatchNorm: every feature on one scale")
def batchnorm(student, canvas):
    """Three features before and after one batch in training: each ends with mean 0 and std 1. Right, what is
    remembered for testing: batch by batch, with momentum 0.1, the running mean and variance go a tenth of the
    way to the batch's, and so to the dashed values that the data have."""
    rng = np.random.default_rng(7)
    before, after, means, variances = canvas.axes(1, 4, height=2.9)
    x = rng.normal(MEANS, STDS, (400, 3))
    out, _, _ = normalised(student, x, np.zeros(3), np.ones(3), True)
    out = canvas.drawable(out, "out")
    for feature, color in enumerate(palette.CYCLE[:3]):
        for axes, values in ((before, x), (after, out)):
            finite = values[:, feature][np.isfinite(values[:, feature])]
            axes.hist(
                finite,
                bins=52,
                range=(-6.5, 6.5),
                histtype="step",
                color=color,
                linewidth=1.4,
                label=f"{feature}",
            )
    before.set(title="before", xlabel="x", ylabel="samples")
    before.legend(title="feature", loc="upper left", handlelength=1, title_fontsize=8.5)
    after.set(title="after", xlabel="out")
    mean, var, remembered = np.zeros(3), np.ones(3), []
    for _ in range(BATCHES):
        _, mean, var = normalised(student, rng.normal(MEANS, STDS, (16, 3)), mean, var, True)
        remembered.append((mean, var))
    remembered = canvas.drawable(np.array(remembered), "What is remembered")
    for k, (axes, want) in enumerate(((means, MEANS), (variances, STDS**2))):
        for feature, color in enumerate(palette.CYCLE[:3]):
            axes.plot(np.arange(1, BATCHES + 1), remembered[:, k, feature], color=color)
            axes.axhline(want[feature], color=color, linewidth=1, linestyle=(0, (3, 2)))
        axes.set(title=("running mean", "running var")[k], xlabel="batch")
    ends = ["; ".join(short(value) for value in remembered[-1, k]) for k in (0, 1)]
    spread = [
        f"mean {short(m, 2)} and std {short(s, 2)}"
        for m, s in zip(np.nanmean(out, 0).round(6), np.nanstd(out, 0), strict=True)
    ]
    return (
        f"Histograms of three features before and after BatchNorm; after it they have {listed(spread)}. Two "
        "charts of what "
        f"is remembered over {BATCHES} batches: the running means end at {ends[0]} (the data have 4; −2; "
        "0.5), the "
        f"running variances at {ends[1]} (the data have 0.36; 1.44; 6.25)."
    )
