"""What a picture is drawn on: axes that look alike in every picture, and help with values and numbers.

matplotlib is used by its objects alone. Nothing is shown in a window, no state of its own is left behind, and
what stands in somebody's matplotlibrc has no say.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator
from numpy.typing import ArrayLike, NDArray

from dlgrade.pictures import palette, svg
from dlgrade.student import Failure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 7.2
"""Inches; a picture is shown 72 pixels an inch or larger."""

LARGEST = 1e30
"""No number that is larger is drawn: what is computed from it would not be finite."""

_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LOOK: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.5,
    "text.usetex": False,
    "text.parse_math": False,  # a dollar is a dollar
    "axes.formatter.use_mathtext": False,
    "axes.formatter.useoffset": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.labelsize": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.facecolor": "none",
    "axes.edgecolor": palette.FAINT,
    "axes.linewidth": 0.8,
    "axes.grid": False,
    "axes.axisbelow": True,
    "grid.color": palette.LINE,
    "grid.linewidth": 0.7,
    "text.color": palette.INK,
    "axes.labelcolor": palette.INK,
    "axes.titlecolor": palette.INK,
    "xtick.color": palette.FAINT,
    "ytick.color": palette.FAINT,
    "xtick.labelcolor": palette.INK,
    "ytick.labelcolor": palette.INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "figure.facecolor": palette.PAPER,
    "figure.constrained_layout.use": True,
    "figure.dpi": 72,
    "savefig.facecolor": palette.PAPER,
    "image.cmap": "viridis",
    "svg.fonttype": "path",
    "svg.hashsalt": "dlgrade",
    "path.simplify": True,
}


@contextmanager
def looking_alike() -> Iterator[None]:
    """Draw with the settings of every picture, and with none of the user's."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        settings: Any = {key: value for key, value in mpl.rcParamsDefault.items() if key != "backend"}
        with mpl.rc_context(rc=settings | _LOOK):
            yield


class Canvas:
    """One picture in the making.

    Attributes
    ----------
    notes
        What could not be shown, a sentence each.
    """

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._figure: Figure | None = None
        self._parts = 0
        self._failures: list[Failure] = []

    def axes(
        self, rows: int = 1, columns: int = 1, *, height: float = 3.0, width: float = WIDTH, **more: Any
    ) -> list[Axes]:
        """Begin the picture, and return its axes row by row.

        Parameters
        ----------
        rows, columns
            How many there are.
        height, width
            Of the picture, in inches.
        **more
            As for matplotlib's ``Figure.subplots``.
        """
        self._figure = Figure(figsize=(width, height))
        made = self._figure.subplots(rows, columns, squeeze=False, **more)
        return list(made.ravel())

    @property
    def figure(self) -> Figure:
        """The figure that `axes` began."""
        assert self._figure is not None, "a picture begins with canvas.axes()"
        return self._figure

    def drawable(self, values: ArrayLike, name: str, *, some: bool = True) -> NDArray[np.float64]:
        """Return numbers as they can be drawn: with gaps where one is not finite or too large.

        Parameters
        ----------
        name
            What they are, in the plural or with an article.
        some
            Whether a picture without any of them is none.

        Raises
        ------
        Failure
            If none of `some` can be drawn.
        """
        array = np.array(values, dtype=np.float64)
        bad = ~np.isfinite(array) | (np.abs(array) > LARGEST)
        if not bad.any():
            return array
        what = "NaN" if np.isnan(array[bad]).all() else "NaN, infinite or larger than 10³⁰"
        sentence = f"{name} cannot be drawn: {what} came back"
        if bad.all() and some:
            raise Failure(sentence)
        if not bad.all():
            sentence = f"{name}: {bad.sum()} of {bad.size} numbers cannot be drawn, being {what}"
        self.notes.append(f"{sentence}.")
        array[bad] = np.nan
        return array

    @contextmanager
    def part(self, axes: Axes) -> Iterator[None]:
        """Draw one part of several: where the learner's answer does not allow it, a note says so.

        Parameters
        ----------
        axes
            Where the part would stand; it stays empty then.
        """
        self._parts += 1
        try:
            yield
        except Failure as failure:
            self._failures.append(failure)
            self.note(failure)
            axes.clear()
            axes.set_axis_off()
            axes.text(0.5, 0.5, "no picture", ha="center", color=palette.FAINT, transform=axes.transAxes)

    def note(self, failure: Failure) -> None:
        """Note why something is missing."""
        # Not made to begin with a capital: most begin with a name.
        self.notes.append(f"{failure.message.rstrip('.')}.")

    @property
    def width(self) -> float:
        """How much of the page's width the picture takes."""
        return min(1.0, float(self.figure.get_figwidth()) / WIDTH)

    def svg(self) -> str:
        """Return the picture.

        Raises
        ------
        Failure
            If none of its parts could be drawn: the first one's.
        """
        if self._parts and len(self._failures) == self._parts:
            raise self._failures[0]
        return svg.write(self.figure)


def log_scale(axes: Axes, lowest: float, highest: float) -> None:
    """Make the vertical scale logarithmic, with powers of ten written as such."""
    low, high = math.floor(math.log10(lowest)), math.ceil(math.log10(highest))
    step = max(1, math.ceil((high - low) / 6))
    axes.set_yscale("log")
    axes.set_yticks([10.0**power for power in range(low, high + 1, step)])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: power_of_ten(value)))
    axes.yaxis.set_minor_locator(NullLocator())


def whole_numbers(axis: Any, most: int = 8) -> None:
    """Put ticks of an axis at whole numbers only."""
    axis.set_major_locator(MaxNLocator(most, integer=True))


def power_of_ten(value: float) -> str:
    """Write a power of ten; 1 and 10 as they are."""
    power = round(math.log10(value))
    return f"{10**power:g}" if power in (0, 1) else "10" + str(power).translate(_SUPERSCRIPTS)


def short(value: float, digits: int = 3) -> str:
    """Write a number in a few digits, with a minus as it is set in print."""
    if not math.isfinite(value):
        return str(value)
    text = f"{value:.{digits}g}"
    mantissa, _, power = text.partition("e")
    if power:
        text = f"{mantissa}·10{str(int(power)).translate(_SUPERSCRIPTS)}"
    return "0" if text == "-0" else text.replace("-", "−", 1) if text.startswith("-") else text


def plus(value: float, digits: int = 3) -> str:
    """Write a number as the next term of a sum: ``+ 5``, ``− 5``."""
    return f"{'−' if value < 0 else '+'} {short(abs(value), digits)}"


def listed(words: Sequence[str]) -> str:
    """Join words as a sentence does."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
