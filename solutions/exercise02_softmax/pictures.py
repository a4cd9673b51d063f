"""Pictures of exercise02: probabilities and their gradient as bars, activations as curves."""

import numpy as np

from dlgrade.pictures import palette, picture
from dlgrade.pictures.canvas import short
from dlgrade.suite import check

LOGITS = np.array([[3.0, 1.0, 0.2, -1.0], [0.5, -0.5, 2.5, 0.0]])
TARGETS = np.array([0, 1])
Z = np.linspace(-4.0, 4.0, 161)
ACTIVATIONS = ("relu", "leaky_relu", "sigmoid", "tanh", "gelu")


def bars(axes, heights, right=None, color=palette.BLUE):
    """Draw a bar a class, the number at its end, and the right height as a stroke."""
    classes = np.arange(len(heights))
    axes.axhline(0, color=palette.FAINT, linewidth=0.8)
    axes.bar(classes, heights, color=color, width=0.62)
    if right is not None:
        axes.hlines(right, classes - 0.45, classes + 0.45, color=palette.INK, linewidth=1.6, label="right")
    ends = np.nan_to_num(heights)
    for k, end in enumerate(ends):
        above = end >= 0
        top = (
            max(end, right[k])
            if right is not None and above
            else min(end, right[k])
            if right is not None
            else end
        )
        axes.annotate(
            short(heights[k], 2), (k, top), (0, 3 if above else -3), textcoords="offset points",
            ha="center", va="bottom" if above else "top", fontsize=8.5,
        )  # fmt: skip
    axes.set_xticks(classes)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="x", length=0)
    axes.margins(y=0.22)


@picture("From scores to probabilities to the gradient")
def softmax(student, canvas, reference):
    """Two samples, one in each row, with the target's class underlined. The bars are yours, the strokes are
    where they should end. The gradient is small where the network is sure and right, and large where it is
    sure and wrong. A step against it lifts the target's score and presses the others down; each row of it
    sums to 0."""
    panels = canvas.axes(2, 3, height=4.4, sharey="col")
    probs = canvas.drawable(
        check.numbers(student.softmax(LOGITS), (2, 4), name="softmax(logits)"), "The probabilities"
    )
    grads = student.cross_entropy_grad(LOGITS, TARGETS)
    grads = canvas.drawable(
        check.numbers(grads, (2, 4), name="cross_entropy_grad(logits, targets)"), "The gradient"
    )
    right = reference.softmax(LOGITS), reference.cross_entropy_grad(LOGITS, TARGETS)
    for row, target in enumerate(TARGETS):
        scores, shares, slopes = panels[3 * row : 3 * row + 3]
        bars(scores, LOGITS[row], color=palette.FAINT)
        bars(shares, probs[row], right[0][row])
        colors = np.where(np.nan_to_num(grads[row]) < 0, palette.GREEN, palette.RED)
        bars(slopes, grads[row], right[1][row], colors)
        for axes in (scores, shares, slopes):
            axes.get_xticklabels()[target].set(fontweight="bold")
            axes.plot([target - 0.35, target + 0.35], [-0.13, -0.13], color=palette.INK, linewidth=2,
                      transform=axes.get_xaxis_transform(), clip_on=False)  # fmt: skip
        scores.set_ylabel(f"sample {row}")
        if row:
            for axes in (scores, shares, slopes):
                axes.set_xlabel("class", labelpad=7)
    for axes, title in zip(panels, ("logits", "softmax(logits)", "cross_entropy_grad"), strict=False):
        axes.set_title(title)
    panels[1].legend(loc="upper right")
    rows = [", ".join(short(value, 2) for value in row) for row in (*probs, *grads)]
    off = [np.nanmax(np.abs(got - want)) for got, want in zip((probs, grads), right, strict=True)]
    said = [
        f"all {what} as they should be" if gap < 1e-6 else f"some {what} are off by up to {short(gap, 2)}"
        for what, gap in zip(("probabilities", "gradients"), off, strict=True)
    ]
    return (
        f"Bars for two samples of four classes with targets 0 and 1. Probabilities: {rows[0]}, and "
        f"{rows[1]}. "
        f"Gradient: {rows[2]}, and {rows[3]}. {said[0].capitalize()}; {said[1]}."
    )


@picture("Five activations")
def activations(student, canvas, reference):
    """Your functions as thick lines, the right ones as thin dashes upon them. Where the two part, the
    function is wrong for these z. All five are nearly straight somewhere, and bent around 0: that bend is why
    layers can be stacked."""
    panels = canvas.axes(1, 5, height=2.1, sharex=True)
    told = []
    for axes, name in zip(panels, ACTIVATIONS, strict=True):
        right = getattr(reference, name)(Z)
        with canvas.part(axes):
            got = check.numbers(getattr(student, name)(Z), Z.shape, name=f"{name}(z)")
            got = canvas.drawable(got, f"{name}(z)")
            gap = np.nanmax(np.abs(got - right))
            wrong = gap > 1e-6
            axes.axhline(0, color=palette.LINE, linewidth=0.8)
            axes.axvline(0, color=palette.LINE, linewidth=0.8)
            axes.plot(Z, got, color=palette.RED if wrong else palette.BLUE, linewidth=3)
            axes.plot(Z, right, color=palette.INK, linewidth=1.1, linestyle=(0, (3, 2)))
            axes.set(xticks=(-4, 0, 4), xlabel="z")
            if wrong:
                axes.set_xlabel(f"z\n✗ off by\n{short(gap, 2)}", color=palette.RED)
            told.append(f"{name} is off by up to {short(gap, 2)}" if wrong else f"{name} is right")
        axes.set_title(name)
    return f"Five curves for z from −4 to 4, each beside the right one. {'; '.join(told)}."
