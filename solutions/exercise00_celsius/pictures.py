"""Pictures of exercise00: how the line finds its place."""

import numpy as np

from dlgrade.pictures import palette, picture
from dlgrade.pictures.canvas import log_scale, plus, short
from dlgrade.suite import check

CELSIUS = np.array([-10.0, 0.0, 8.0, 15.0, 21.0, 30.0])
FAHRENHEIT = 1.8 * CELSIUS + 32.0
LR, EPOCHS = 0.002, (1, 100, 400, 3000)


def fitted(student, epochs):
    """Fit the line, and return w, b and the losses."""
    w, b, losses = check.unpack(student.fit(CELSIUS, FAHRENHEIT, LR, epochs), 3, name="(w, b, losses)")
    losses = [check.number(loss, name="a loss") for loss in check.listing(losses, name="losses")[:epochs]]
    return check.number(w, name="w"), check.number(b, name="b"), losses


@picture("The line finds its place")
def line(student, canvas):
    """Every line is what `fit` had found after so many epochs, with a rate of 0.002. The first step is large,
    for the slope is; then w and b creep together to 1.8 and 32. Each epoch takes the loss down by the same
    factor, a straight line where the scale counts in powers of ten."""
    left, right = canvas.axes(1, 2, height=3.3, width_ratios=[1.2, 1])
    ends = np.array([-14.0, 34.0])
    left.plot(
        ends, 1.8 * ends + 32, color=palette.FAINT, linewidth=1, linestyle=(0, (4, 3)), label="1.8·c + 32"
    )
    found = [fitted(student, epochs) for epochs in EPOCHS]
    heights = canvas.drawable(
        [w * ends + b for w, b, _ in found], "The lines, from the first to the last", some=False
    )
    for k, epochs in enumerate(EPOCHS):
        label = f"after {epochs:,} epoch{'s' * (epochs > 1)}"
        strength = {"alpha": (0.45, 0.6, 0.8, 1)[k], "linewidth": 1.2 + 0.4 * k}
        left.plot(ends, heights[k], color=palette.BLUE, label=label, **strength)
    left.plot(CELSIUS, FAHRENHEIT, "o", color=palette.INK, markersize=5)
    left.set(xlabel="temperature (°C)", ylabel="temperature (°F)", ylim=(-35, 110), xlim=ends)
    left.legend(loc="upper left")

    w, b, last = found[-1]
    losses = canvas.drawable(last, "The losses")
    if len(losses) > 1 and np.nanmin(losses) > 0:
        bottom = max(np.nanmin(losses), 1e-12)
        right.plot(np.arange(len(losses)), losses.clip(bottom), color=palette.BLUE)
        log_scale(right, bottom, np.nanmax(losses))
    else:
        right.plot(np.arange(len(losses)), losses, color=palette.BLUE, marker="o", markersize=3)
    right.grid(axis="y")
    right.set(xlabel="epoch", ylabel="loss, the mean squared error (°F²)", title="losses")
    return (
        f"Left: six temperatures in Celsius and Fahrenheit, and the line after {EPOCHS[0]}, {EPOCHS[1]}, "
        f"{EPOCHS[2]} "
        f"and {EPOCHS[3]} epochs; the last one is {short(w)}·c {plus(b)}, and 1.8·c + 32 would be right. "
        f"Right: the loss goes from {short(last[0])} to {short(last[-1])} in {len(losses)} epochs."
    )
