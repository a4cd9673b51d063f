"""How far a long run has come: a bar on a terminal, now and then a line elsewhere.

It is written to stderr, so that stdout holds results alone.
"""

from __future__ import annotations

import sys
import time
from typing import Protocol, Self

import click

from dlgrade.render import output

_EVERY_S = 10.0


class Tally(Protocol):
    """What is counted."""

    total: int
    done: int
    unchanged: int
    passed: int
    failed: int
    error: int


class Meter:
    """Shows a tally whenever it has changed.

    Parameters
    ----------
    what
        What is being done, in a word or two.
    color
        Whether colours may be written.
    """

    def __init__(self, what: str, *, color: bool = False) -> None:
        self._what = what
        self._color = color
        self._began = self._told = time.monotonic()
        self._bar = _Bar(what, color=color) if _somebody_looks() else None

    def __call__(self, tally: Tally) -> None:
        """Show it."""
        if self._bar is not None:
            self._bar.show(tally)
        elif tally.done == tally.total or time.monotonic() - self._told >= _EVERY_S:
            self._told = time.monotonic()
            click.echo(f"{self._what}: {self._line(tally)}", err=True)

    def _line(self, tally: Tally) -> str:
        graded = tally.done - tally.unchanged
        rate = graded / max(time.monotonic() - self._began, 1e-9)
        left = tally.total - tally.done
        speed = f", {rate:.1f} a second" if graded else ""
        eta = f", {_duration(left / rate)} left" if left and graded else ""
        return f"{tally.done} of {tally.total}, {counts(tally)}{speed}{eta}"

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.progress.stop()


def counts(tally: Tally) -> str:
    """Return the counts in words."""
    error = f", {tally.error} error" if tally.error == 1 else f", {tally.error} errors"
    return f"{tally.passed} passed, {tally.failed} failed{error}"


class _Bar:
    """A bar with rate, time left and counts, drawn by rich."""

    def __init__(self, what: str, *, color: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True, no_color=not color, markup=False, highlight=False)
        self.progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}/s"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[counts]}", style="dim"),
            console=console,
        )
        self._began = time.monotonic()
        self._task = self.progress.add_task(what, total=None, rate="–", counts="")

    def show(self, tally: Tally) -> None:
        """Draw it anew, at most some ten times a second."""
        graded = tally.done - tally.unchanged
        rate = graded / max(time.monotonic() - self._began, 1e-9)
        self.progress.update(
            self._task, total=tally.total, completed=tally.done, rate=f"{rate:.1f}", counts=counts(tally)
        )


def _somebody_looks() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and output.encoding().startswith("utf")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
